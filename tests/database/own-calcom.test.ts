// A host's own Cal.com against the sandbox: Noah's calendar is outside the business's organization, and
// Leila's event type asks a question.
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bookCalendar } from '../../server/journey/bookings/book-calendar.ts'
import { followCalendars } from '../../server/journey/bookings/follow-calendar.ts'
import { scheduleBooking } from '../../server/journey/bookings/schedule-booking.ts'
import { fetchCalMe } from '../../server/integrations/calcom-accounts.ts'
import { findCalcom } from '../../server/journey/times/find-calcom.ts'
import { findOfferedTimes } from '../../server/journey/times/find-offered-times.ts'
import {
  checkCalcoms,
  dropCalcomKey,
  readCalcom,
  setCalcomKey,
} from '../../server/journey/times/set-calcom-key.ts'
import { addDays, now } from '../../server/lib/time.ts'
import { acceptedAtCalcom, hostActs, uidOf } from '../faults/calcom.ts'
import { clearFaults, injectFault } from '../faults/sandbox.ts'
import { newMember, openVerbs, type Verbs } from '../people/verbs.ts'
import { openRows, type Rows } from './rows.ts'

let verbs: Verbs
let rows: Rows
let noah: string
let leila: string

beforeAll(async () => {
  verbs = await openVerbs()
  rows = await openRows(verbs.presence.databaseUrl)
  verbs.presence.sandbox.ctx.store.put('core.limits', 'limits', { on: false })
  const idOf = async (name: string) =>
    (await rows.run<{ id: string }>('select id from hosts where full_name = $1', [name]))[0]!.id
  noah = await idOf('Noah Bennett')
  leila = await idOf('Leila Haddad')
})
afterEach(() => clearFaults(verbs.presence))
afterAll(async () => {
  await rows?.close()
  await verbs?.stop()
})

async function keyOf(username: string): Promise<string> {
  const response = await fetch(`${verbs.presence.sandboxUrl}/_sandbox/calcom/users/${username}/key`)
  return ((await response.json()) as { key: string }).key
}

const starts = async (hostId: string) => {
  const host = await verbs.db
    .selectFrom('hosts')
    .selectAll()
    .where('id', '=', hostId)
    .executeTakeFirstOrThrow()
  const range = { from: addDays(now(), 2), to: addDays(now(), 5), sessionMinutes: 10 }
  return findOfferedTimes(verbs.ctx, host, range)
}

async function paid(hostId: string): Promise<{ memberId: string; bookingId: string }> {
  const { id: memberId } = await newMember(verbs.db)
  return { memberId, bookingId: await rows.sold({ memberId, hostId }) }
}

const setupTasks = (hostId: string) =>
  rows.run<{ sentence: string }>(
    `select sentence from operator_tasks where kind = 'setup' and host_id = $1 and resolved_at is null`,
    [hostId],
  )

test('a host connects Cal.com with their own key, which nobody can read again', async () => {
  await expect(setCalcomKey(verbs.ctx, noah, 'cal_live_nobody_knows')).rejects.toThrow(/does not accept/)
  await expect(setCalcomKey(verbs.ctx, noah, await keyOf('amelia-hart'))).rejects.toThrow(
    /belongs to "amelia-hart"/,
  )
  const key = await keyOf('noah-bennett')
  await setCalcomKey(verbs.ctx, noah, key)
  const shown = await readCalcom(verbs.ctx, noah)
  expect(shown).toMatchObject({ connectedAs: 'noah-bennett', problems: [] })
  const [stored] = await rows.run('select * from calcom_connections where host_id = $1', [noah])
  expect(JSON.stringify([shown, stored])).not.toContain(key)
  const hooks = verbs.presence.sandbox.ctx.store
    .list<{ subscriberUrl: string; secret?: string }>('calcom.webhook')
    .filter(({ subscriberUrl }) => subscriberUrl.endsWith(`?host=${noah}`))
  expect(hooks).toHaveLength(1)
  expect(hooks[0]!.secret).not.toBe(verbs.presence.keys['CALCOM_WEBHOOK_SECRET'])
})

test('a change in a connected calendar is followed without a webhook, by that key', async () => {
  await setCalcomKey(verbs.ctx, noah, await keyOf('noah-bennett'))
  const { memberId, bookingId } = await paid(noah)
  const [start] = await starts(noah)
  await scheduleBooking(verbs.ctx, { memberId, bookingId, hostId: noah, start: start! })
  await hostActs(
    verbs.presence,
    await uidOf(verbs.presence, { id: bookingId, start: start!.toISOString() }),
    'cancel',
  )
  await followCalendars(verbs.ctx)
  const [row] = await rows.run<{ state: string }>('select state from bookings where id = $1', [bookingId])
  expect(row!.state).toBe('pending')
})

test('a key that cannot be opened or was revoked makes one task that says how to mend it', async () => {
  await setCalcomKey(verbs.ctx, noah, await keyOf('noah-bennett'))
  const rolled = {
    ...verbs.ctx,
    config: { ...verbs.ctx.config, authSecret: 'another secret of 32 characters.' },
  }
  await expect(findCalcom(rolled, noah)).rejects.toMatchObject({ status: 401 })
  await fetch(`${verbs.presence.sandboxUrl}/_sandbox/calcom/users/noah-bennett/key`, { method: 'DELETE' })
  // The first call that is refused tells host and operators; the platform's own key is not blamed.
  await expect(fetchCalMe(await findCalcom(verbs.ctx, noah))).rejects.toMatchObject({ status: 401 })
  await expect.poll(() => setupTasks(noah)).toHaveLength(1)
  expect((await readCalcom(verbs.ctx, noah)).problems).toEqual([expect.stringContaining('new key')])
  expect(await rows.run(`select from operator_tasks where key like 'refused:calcom%'`)).toEqual([])
  for (let days = 0; days < 2; days++) await checkCalcoms(verbs.ctx)
  expect(await setupTasks(noah)).toEqual([
    { sentence: expect.stringMatching(/Connect Cal.com again with a new key/) },
  ])
  expect((await readCalcom(verbs.ctx, noah)).problems).toHaveLength(1)
  await setCalcomKey(verbs.ctx, noah, await keyOf('noah-bennett'))
  expect(await setupTasks(noah)).toEqual([])
  await dropCalcomKey(verbs.ctx, noah)
  expect(await readCalcom(verbs.ctx, noah)).toMatchObject({ connectedAs: null })
})

test('a question of the event type is told to operators, and never called a taken time', async () => {
  await checkCalcoms(verbs.ctx)
  expect(await setupTasks(leila)).toEqual([
    { sentence: expect.stringMatching(/asks "Your company", which we cannot answer/) },
  ])
  const { memberId, bookingId } = await paid(leila)
  const [start] = await starts(leila)
  await expect(
    scheduleBooking(verbs.ctx, { memberId, bookingId, hostId: leila, start: start! }),
  ).rejects.toMatchObject({ code: 'calendar_unavailable' })
  expect(await setupTasks(leila)).toHaveLength(2)
})

test('a booking that Cal.com made without answering is taken over, also where the next try is "taken"', async () => {
  await setCalcomKey(verbs.ctx, noah, await keyOf('noah-bennett'))
  const { memberId, bookingId } = await paid(noah)
  const [start] = await starts(noah)
  await injectFault(verbs.presence, {
    provider: 'calcom',
    operation: 'bookings.create',
    kind: 'error_after',
    times: 1,
  })
  // The look-up finds nothing yet, so the next try meets the entry of the first.
  await scheduleBooking(verbs.ctx, { memberId, bookingId, hostId: noah, start: start! })
  await hideOnce(bookingId)
  await expect(bookCalendar(verbs.ctx, bookingId, 1)).rejects.toMatchObject({ status: 400 })
  await unhide(bookingId)
  expect(await bookCalendar(verbs.ctx, bookingId, 1)).toBe('confirmed')
  expect(await acceptedAtCalcom(verbs.presence, bookingId)).toHaveLength(1)
})

type Entry = { uid: string; metadata: Record<string, string> }
const store = () => verbs.presence.sandbox.ctx.store
const entryOf = (bookingId: string) =>
  store()
    .list<Entry>('calcom.booking')
    .find(({ metadata }) => (metadata['presenceBookingId'] ?? metadata['later']) === bookingId)!

/** The list does not show the entry with our id yet. */
async function hideOnce(bookingId: string): Promise<void> {
  const entry = entryOf(bookingId)
  store().put('calcom.booking', entry.uid, { ...entry, metadata: { later: bookingId, presenceAttempt: '1' } })
  await sql`update outgoing_calls set leased_until = ${now()} where finished_at is null`.execute(verbs.db)
}

async function unhide(bookingId: string): Promise<void> {
  const entry = entryOf(bookingId)
  const metadata = { presenceBookingId: bookingId, presenceAttempt: '1' }
  store().put('calcom.booking', entry.uid, { ...entry, metadata })
}
