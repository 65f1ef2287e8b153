// What a host's calendar at Cal.com holds for a session, against the sandbox: jobs run only where a test
// runs them.
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { listChangedCalBookings } from '../../server/integrations/calcom-bookings.ts'
import { fetchCalSlots } from '../../server/integrations/calcom-slots.ts'
import { reconcile } from '../../server/jobs/reconcile.ts'
import { tasks } from '../../server/jobs/tasks.ts'
import { bookCalendar } from '../../server/journey/bookings/book-calendar.ts'
import { cancelBooking } from '../../server/journey/bookings/cancel-booking.ts'
import { clearEntry } from '../../server/journey/bookings/clear-entry.ts'
import { followCalendar } from '../../server/journey/bookings/follow-calendar.ts'
import { moveBooking } from '../../server/journey/bookings/move-booking.ts'
import { scheduleBooking } from '../../server/journey/bookings/schedule-booking.ts'
import { addDays, addMinutes, now, setClockOffset } from '../../server/lib/time.ts'
import { acceptedAtCalcom, allAtCalcom, hostActs } from '../faults/calcom.ts'
import { clearFaults, injectFault, liveAtCalcom } from '../faults/sandbox.ts'
import { newMember, openVerbs, type Verbs } from '../people/verbs.ts'
import { openRows, type Rows } from './rows.ts'

let verbs: Verbs
let rows: Rows
let amelia: string
const account = { username: 'amelia-hart', eventSlug: '10min' }

beforeAll(async () => {
  verbs = await openVerbs()
  rows = await openRows(verbs.presence.databaseUrl)
  const { presence } = verbs
  await fetch(`${presence.sandboxUrl}/_sandbox/limits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"on":false}',
  })
  const [host] = await rows.run<{ id: string }>(`select id from hosts where cal_username = 'amelia-hart'`)
  amelia = host!.id
})
afterEach(async () => {
  goTo(0)
  await clearFaults(verbs.presence)
})
afterAll(async () => {
  await rows?.close()
  await verbs?.stop()
})

function goTo(offsetMs: number): void {
  setClockOffset(offsetMs)
  verbs.presence.sandbox.ctx.clock.setOffset(offsetMs)
}

async function paid(hostId: string): Promise<{ memberId: string; bookingId: string }> {
  const { id: memberId } = await newMember(verbs.db)
  const bookingId = await rows.sold({ memberId, hostId })
  await rows.run(`update bookings set valid_until = $2, created_at = $3 where id = $1`, [
    bookingId,
    addDays(now(), 60),
    now(),
  ])
  return { memberId, bookingId }
}

let used = 0
async function startsAhead(days: number): Promise<Date[]> {
  const from = addDays(now(), days)
  const starts = await fetchCalSlots(verbs.ctx.calcom, account, from, addDays(from, 2))
  return starts.slice(4 * used++)
}

async function scheduled(days = 6): Promise<{ memberId: string; bookingId: string; starts: Date[] }> {
  const starts = await startsAhead(days)
  const { memberId, bookingId } = await paid(amelia)
  await scheduleBooking(verbs.ctx, { memberId, bookingId, hostId: amelia, start: starts[0]! })
  return { memberId, bookingId, starts }
}

const injectCalcomFault = (
  operation: string,
  kind: 'outage' | 'error_after',
  more: { times?: number } = {},
) => injectFault(verbs.presence, { provider: 'calcom', operation, kind, ...more })
const entriesOf = (bookingId: string) =>
  rows.run<{ attempt: number; wanted: string; seen: string }>(
    'select attempt, wanted, seen from calendar_entries where booking_id = $1 order by attempt',
    [bookingId],
  )
const openCalls = (bookingId: string) =>
  rows.run('select key from outgoing_calls where finished_at is null and key like $1', [`%${bookingId}%`])

/** What the sweep starts, run here. Answers how many entries it found. */
async function sweepEntries(): Promise<number> {
  await sql`delete from pgboss.job where name = 'clear-entry'`.execute(verbs.db)
  await reconcile(verbs.ctx)
  const { rows: jobs } = await sql<{ data: { bookingId: string; attempt: number } }>`
    delete from pgboss.job where name = 'clear-entry' returning data`.execute(verbs.db)
  for (const { data } of jobs) await tasks['clear-entry'](verbs.ctx, data)
  return jobs.length
}

test.each([
  ['30 minutes', 30],
  ['6 hours', 360],
  ['3 days', 3 * 1_440],
])(
  'a time cancelled while Cal.com is silent for %s leaves nothing there, and no open call',
  async (_for, minutes) => {
    await injectCalcomFault('bookings.create', 'error_after', { times: 1 })
    for (const operation of ['bookings.create', 'bookings.list', 'bookings.get', 'bookings.cancel'])
      await injectCalcomFault(operation, 'outage')
    const { memberId, bookingId } = await scheduled()
    expect(await entriesOf(bookingId)).toEqual([{ attempt: 1, wanted: 'present', seen: 'unknown' }])
    await cancelBooking(verbs.ctx, { memberId, bookingId })
    await expect(clearEntry(verbs.ctx, { bookingId, attempt: 1 })).rejects.toMatchObject({ status: 503 })
    goTo(minutes * 60_000)
    await clearFaults(verbs.presence)
    expect(
      await liveAtCalcom(verbs.presence, bookingId),
      'it was made although nobody heard of it',
    ).toHaveLength(1)
    expect(await sweepEntries(), 'with that of another test').toBeGreaterThan(0)
    expect(await liveAtCalcom(verbs.presence, bookingId)).toEqual([])
    expect(await openCalls(bookingId)).toEqual([])
    expect(await sweepEntries(), 'it is settled').toBe(0)
  },
)

test('an act that arrives at Cal.com late is looked for until it has had its time', async () => {
  await injectCalcomFault('bookings.create', 'outage')
  const { memberId, bookingId } = await scheduled()
  await cancelBooking(verbs.ctx, { memberId, bookingId })
  await clearEntry(verbs.ctx, { bookingId, attempt: 1 })
  expect(await entriesOf(bookingId), 'not found, but it may still arrive').toMatchObject([
    { seen: 'unknown' },
  ])
  goTo(3 * 60_000)
  await clearEntry(verbs.ctx, { bookingId, attempt: 1 })
  expect(await entriesOf(bookingId)).toMatchObject([{ seen: 'absent' }])
})

test('clearing the entry of an earlier attempt never touches the one of the new time', async () => {
  const { memberId, bookingId, starts } = await scheduled()
  await moveBooking(verbs.ctx, { memberId, bookingId, start: starts[2]! })
  expect(await entriesOf(bookingId)).toEqual([
    { attempt: 1, wanted: 'absent', seen: 'absent' },
    { attempt: 2, wanted: 'present', seen: 'present' },
  ])
  // As if the answer of the move had been lost: Cal.com kept the metadata of the first attempt.
  await rows.run(`update calendar_entries set seen = 'unknown' where booking_id = $1 and attempt = 1`, [
    bookingId,
  ])
  await clearEntry(verbs.ctx, { bookingId, attempt: 1 })
  expect(await liveAtCalcom(verbs.presence, bookingId)).toHaveLength(1)
  expect(await entriesOf(bookingId)).toMatchObject([
    { seen: 'absent' },
    { wanted: 'present', seen: 'present' },
  ])
})

test('a host who leaves Cal.com keeps the sessions ahead, and the old entries go there', async () => {
  const leaving = await scheduled()
  const { bookingId } = leaving
  await rows.run(`update hosts set cal_username = null, cal_event_slug = null where id = $1`, [amelia])
  try {
    expect(await sweepEntries(), 'with that of another test').toBeGreaterThan(0)
    expect((await allAtCalcom(verbs.presence, bookingId)).map(({ status }) => status)).toEqual(['cancelled'])
    const [booking] = await rows.run('select state, calendar, cal_booking_uid from bookings where id = $1', [
      bookingId,
    ])
    expect(booking).toEqual({ state: 'created', calendar: 'builtin', cal_booking_uid: null })
    expect(await sweepEntries()).toBe(0)
  } finally {
    await rows.run(`update hosts set cal_username = $2, cal_event_slug = $3 where id = $1`, [
      amelia,
      account.username,
      account.eventSlug,
    ])
  }
})

test('a host who leaves Cal.com while it is asked for a time has the session in Presence, and nothing there', async () => {
  await injectCalcomFault('bookings.create', 'error_after', { times: 1 })
  for (const operation of ['bookings.create', 'bookings.list', 'bookings.get'])
    await injectCalcomFault(operation, 'outage')
  const { bookingId } = await scheduled()
  await clearFaults(verbs.presence)
  expect(await liveAtCalcom(verbs.presence, bookingId), 'made, and nobody heard of it').toHaveLength(1)
  await rows.run(`update hosts set cal_username = null, cal_event_slug = null where id = $1`, [amelia])
  try {
    await bookCalendar(verbs.ctx, bookingId, 1)
    expect(
      await rows.run('select state, calendar, calendar_status from bookings where id = $1', [bookingId]),
    ).toEqual([{ state: 'created', calendar: 'builtin', calendar_status: 'confirmed' }])
    await sweepEntries()
    expect(await liveAtCalcom(verbs.presence, bookingId)).toEqual([])
  } finally {
    await rows.run(`update hosts set cal_username = $2, cal_event_slug = $3 where id = $1`, [
      amelia,
      account.username,
      account.eventSlug,
    ])
  }
})

test('a member who has become a host books others, and not themselves', async () => {
  const { memberId, bookingId } = await paid(amelia)
  const before = await rows.run<{ mobile_number: string }>(
    'select mobile_number from members where id = $1',
    [memberId],
  )
  const [{ mobile_number: own } = { mobile_number: '' }] = await rows.run<{ mobile_number: string }>(
    'select mobile_number from hosts where id = $1',
    [amelia],
  )
  await rows.run('update members set mobile_number = $2 where id = $1', [memberId, own])
  const [start] = await startsAhead(6)
  const booking = { memberId, bookingId, hostId: amelia, start: start! }
  await expect(scheduleBooking(verbs.ctx, booking)).rejects.toMatchObject({ code: 'not_allowed' })
  await rows.run('update members set mobile_number = $2 where id = $1', [memberId, before[0]!.mobile_number])
  await scheduleBooking(verbs.ctx, booking)
})

test('every page of the changes at Cal.com is read, in their order', async () => {
  const since = now()
  const { url, headers } = {
    url: `${verbs.presence.sandboxUrl}/v2/bookings`,
    headers: {
      authorization: `Bearer ${verbs.presence.keys['CALCOM_API_KEY']}`,
      'cal-api-version': '2024-08-13',
      'content-type': 'application/json',
    },
  }
  const starts = await fetchCalSlots(verbs.ctx.calcom, account, addDays(now(), 12), addDays(now(), 24))
  const uids: string[] = []
  for (const start of starts.slice(0, 290)) {
    const attendee = { name: 'Visitor', email: `v${uids.length}@example.com`, timeZone: 'UTC' }
    const body = JSON.stringify({
      start: start.toISOString(),
      eventTypeSlug: account.eventSlug,
      username: account.username,
      attendee,
    })
    const answer = await fetch(url, { method: 'POST', headers, body })
    uids.push(((await answer.json()) as { data: { uid: string } }).data.uid)
  }
  expect(uids.length, 'more than one page').toBeGreaterThan(260)
  const changed = await listChangedCalBookings(verbs.ctx.calcom, addMinutes(since, -1))
  const ours = changed.map(({ uid }) => uid).filter((uid) => uids.includes(uid))
  expect(ours).toEqual(uids)

  // Forty of the first page change while it is being read: they move to the end, and the others move up.
  let calls = 0
  const whilePaging = {
    ...verbs.ctx.calcom,
    allowCall: async () => {
      if (++calls === 2)
        for (const uid of uids.slice(0, 40))
          await fetch(`${url}/${uid}/cancel`, {
            method: 'POST',
            headers,
            body: '{"cancellationReason":"Changed my mind"}',
          })
      return true
    },
  }
  const read = await listChangedCalBookings(whilePaging, addMinutes(since, -1))
  expect(calls).toBeGreaterThan(1)
  expect(new Set(read.map(({ uid }) => uid).filter((uid) => uids.includes(uid))).size).toBe(uids.length)
})

test.each([
  ['a pause after each session', { buffer_after_minutes: 30, maximum_per_day: null }, 10],
  ['at most one session a day', { buffer_after_minutes: 0, maximum_per_day: 1 }, 60],
])('a host with %s keeps it when two members book in the same moment', async (_what, rules, apartMinutes) => {
  for (let round = 0; round < 6; round++) {
    const hostId = await rows.host()
    await rows.run(
      `update hosts set weekly_hours = $2, minimum_notice_minutes = 0, interval_minutes = 10, horizon_days = 30,
         buffer_after_minutes = $3, maximum_per_day = $4 where id = $1`,
      [
        hostId,
        JSON.stringify([{ days: [0, 1, 2, 3, 4, 5, 6], start: '00:00', end: '24:00' }]),
        rules.buffer_after_minutes,
        rules.maximum_per_day,
      ],
    )
    const day = new Date(Math.floor(addDays(now(), 3).getTime() / 86_400_000) * 86_400_000 + 36_000_000)
    const both = [await paid(hostId), await paid(hostId)]
    const outcomes = await Promise.allSettled(
      both.map((who, index) =>
        scheduleBooking(verbs.ctx, { ...who, hostId, start: addMinutes(day, index * apartMinutes) }),
      ),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [refused] = outcomes.filter((one) => one.status === 'rejected')
    expect(['time_taken', 'time_not_offered']).toContain((refused!.reason as { code?: string }).code)
  }
})

/** Runs what is waiting for our session page to be set as the meeting place. */
async function runPlaces(): Promise<void> {
  const { rows: jobs } = await sql<{ data: { bookingId: string; attempt: number } }>`
    delete from pgboss.job where name = 'set-meeting-place' returning data`.execute(verbs.db)
  for (const { data } of jobs) await tasks['set-meeting-place'](verbs.ctx, data)
}

async function placesOf(bookingId: string): Promise<unknown[]> {
  return (await acceptedAtCalcom(verbs.presence, bookingId)).map(({ location }) => location)
}

test('a Cal.com booking leads to our session page, also after a move here and one inside Cal.com', async () => {
  const { memberId, bookingId, starts } = await scheduled()
  const page = `${verbs.ctx.config.publicUrl}/video-session?booking=${bookingId}`
  expect(await placesOf(bookingId)).toEqual([page])
  await moveBooking(verbs.ctx, { memberId, bookingId, start: starts[2]! })
  expect(await placesOf(bookingId), 'Cal.com loses the place').not.toEqual([page])
  await runPlaces()
  expect(await placesOf(bookingId)).toEqual([page])
  const [entry] = await acceptedAtCalcom(verbs.presence, bookingId)
  await hostActs(verbs.presence, entry!.uid, 'reschedule', { start: starts[3]!.toISOString() })
  await followCalendar(verbs.ctx, entry!.uid)
  await runPlaces()
  expect(await placesOf(bookingId)).toEqual([page])
})

type Case = [who: string, by: string, act: 'cancel' | 'reschedule', hoursAhead: number, after: object]

const stands = { state: 'created', isMoved: false, outcome: null }
test.each<Case>([
  ['the host, late', 'host', 'cancel', 2, { state: 'pending', given: 'host' }],
  ['the member, in time', 'member', 'cancel', 48, { state: 'pending', given: null }],
  ['the member, late', 'member', 'cancel', 2, { state: 'completed', outcome: 'late_cancellation' }],
  ['nobody that Cal.com names', 'nobody', 'cancel', 48, stands],
  ['the host, late', 'host', 'reschedule', 2, { state: 'created', isMoved: true, byHost: true }],
  ['the member, in time', 'member', 'reschedule', 48, { state: 'created', isMoved: true, byHost: false }],
  ['the member, late', 'member', 'reschedule', 2, stands],
  ['nobody that Cal.com names', 'nobody', 'reschedule', 48, stands],
])('inside Cal.com %s (%s): what a %s within %i hours does here', async (_who, by, act, hours, after) => {
  const { bookingId, starts } = await scheduled(8)
  const start = starts[0]!
  // As if it were so close by now.
  goTo(start.getTime() - Date.now() - hours * 3_600_000)
  const { cal_booking_uid: uid } = await rowOf(bookingId)
  await hostActs(verbs.presence, uid, act, { by, start: starts[2]!.toISOString() })
  await followCalendar(verbs.ctx, uid)
  const row = await rowOf(bookingId)
  const isMoved = row.start_at?.getTime() === starts[2]!.getTime()
  const { state, outcome, given_back_by: given, was_moved_by_host: byHost } = row
  expect({ state, outcome, given, isMoved, byHost }).toMatchObject(after)
  const tasks = await rows.run('select sentence from operator_tasks where booking_id = $1', [bookingId])
  expect(tasks).toHaveLength(by === 'nobody' ? 1 : 0)
  if (after === stands) {
    expect(row.start_at).toEqual(start)
    const there = (await acceptedAtCalcom(verbs.presence, bookingId)).map((one) => one.start)
    expect(there, 'a moved entry is back at its time').toEqual(act === 'cancel' ? [] : [start.toISOString()])
  }
})

test('a move that a member may not make, and that Cal.com will not undo, leaves the session in Presence', async () => {
  const { bookingId, starts } = await scheduled(8)
  goTo(starts[0]!.getTime() - Date.now() - 2 * 3_600_000)
  const { cal_booking_uid: uid } = await rowOf(bookingId)
  await hostActs(verbs.presence, uid, 'reschedule', { by: 'member', start: starts[2]!.toISOString() })
  await injectFault(verbs.presence, {
    provider: 'calcom',
    operation: 'bookings.reschedule',
    kind: 'error_before',
    status: 400,
    times: 1,
  })
  await followCalendar(verbs.ctx, uid)
  expect(await rowOf(bookingId)).toMatchObject({ state: 'created', start_at: starts[0], calendar: 'builtin' })
  await sweepEntries()
  expect(await acceptedAtCalcom(verbs.presence, bookingId)).toEqual([])
})

async function rowOf(bookingId: string) {
  const [row] = await rows.run<{
    state: string
    outcome: string | null
    start_at: Date | null
    cal_booking_uid: string
    given_back_by: string | null
    was_moved_by_host: boolean
  }>('select * from bookings where id = $1', [bookingId])
  return row!
}
