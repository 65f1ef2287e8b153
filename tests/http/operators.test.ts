// How long an operator's sign-in lasts, signing out everywhere, and the trail of what was done with rights.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../../server/http/app.ts'
import { openLiveHub } from '../../server/http/live.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { newMobileNumber } from '../../world/person.ts'
import { InProcessPerson } from '../people/in-process.ts'
import { openVerbs, type Verbs } from '../people/verbs.ts'

let verbs: Verbs
let app: ReturnType<typeof openApp>

beforeAll(async () => {
  verbs = await openVerbs()
  verbs.presence.sandbox.ctx.store.put('core.limits', 'limits', { on: false })
  app = openApp(verbs.ctx, openLiveHub())
})
afterAll(() => verbs?.stop())

async function signedIn(mobileNumber = newMobileNumber()) {
  const person = new InProcessPerson(app, verbs.presence, mobileNumber)
  await person.signIn()
  await person.ask('GET', '/api/me')
  const { id } = await verbs.db
    .selectFrom('people')
    .select('id')
    .where('mobileNumber', '=', mobileNumber)
    .executeTakeFirstOrThrow()
  return { person, id }
}

const statusOf = async (person: InProcessPerson, path: string, method = 'GET') =>
  (await person.fetch(path, { method })).status

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * minuteMs)

async function age(personId: string, usedMinutesAgo: number, madeMinutesAgo: number) {
  await verbs.db
    .updateTable('signIns')
    .set({ usedAt: minutesAgo(usedMinutesAgo), createdAt: minutesAgo(madeMinutesAgo) })
    .where('personId', '=', personId)
    .execute()
}

test.each([
  ['59 minutes after its last request it lasts', 59, 60, 200],
  ['an hour after its last request it has ended', 61, 90, 401],
  ['12 hours after it began it lasts no longer, however it was used', 0, 721, 401],
  ['just before that it does', 0, 719, 200],
] as const)("an operator's sign-in: %s", async (_what, used, made, status) => {
  const { person, id } = await signedIn(verbs.presence.operatorMobileNumber)
  await age(id, used, made)
  expect(await statusOf(person, '/api/ops')).toBe(status)
  const rows = await verbs.db.selectFrom('signIns').select('usedAt').where('personId', '=', id).execute()
  if (status === 401) expect(rows).toEqual([])
  else expect(Date.now() - rows[0]!.usedAt!.getTime()).toBeLessThan(2 * minuteMs)
  await verbs.db.deleteFrom('signIns').where('personId', '=', id).execute()
})

test("a member's sign-in outlives a day without a request", async () => {
  const { person, id } = await signedIn()
  await age(id, 1_500, 1_500)
  expect(await statusOf(person, '/api/me')).toBe(200)
})

test('signing out everywhere ends every sign-in of this person and of nobody else', async () => {
  const phone = await signedIn()
  const laptop = await signedIn(phone.person.mobileNumber)
  const other = await signedIn()
  await laptop.person.ask('POST', '/api/me/sign-out-everywhere')
  expect(await statusOf(phone.person, '/api/me')).toBe(401)
  expect(await statusOf(laptop.person, '/api/me')).toBe(401)
  expect(await statusOf(other.person, '/api/me')).toBe(200)
})

const trailOf = (personId: string) =>
  verbs.db
    .selectFrom('securityEvents')
    .select(['kind', 'subject'])
    .where('personId', '=', personId)
    .orderBy('happenedAt')
    .orderBy('id')
    .execute()

test('the trail has the sign-in, each refusal once a minute, and leaving everywhere', async () => {
  const { person, id } = await signedIn()
  for (let tries = 0; tries < 5; tries++) expect(await statusOf(person, '/api/ops')).toBe(403)
  await person.ask('POST', '/api/me/sign-out-everywhere')
  const trail = await trailOf(id)
  expect(new Set(trail.map(({ kind, subject }) => `${kind}: ${subject}`))).toEqual(
    new Set(['signed_in: by code', 'refused: GET /api/ops', 'signed_out_everywhere: by themselves']),
  )
  // Five tries may fall into two minutes.
  expect(trail.length).toBeLessThanOrEqual(4)
})

test('the trail has what an operator read and decided, and no number', async () => {
  const { person, id } = await signedIn(verbs.presence.operatorMobileNumber)
  const member = await signedIn()
  const { id: memberId } = await verbs.db
    .selectFrom('members')
    .select('id')
    .where('mobileNumber', '=', member.person.mobileNumber)
    .executeTakeFirstOrThrow()
  await person.ask('GET', `/api/ops/purchases?q=${encodeURIComponent(member.person.mobileNumber)}`)
  await person.ask('POST', `/api/ops/members/${memberId}/suspend`, { reason: 'A test' })
  const trail = (await trailOf(id)).map(({ kind, subject }) => `${kind}: ${subject}`)
  expect(trail).toEqual(
    expect.arrayContaining([
      'private_read: GET /api/ops/purchases',
      `decided: POST /api/ops/members/${memberId}/suspend`,
      `rights_changed: member ${memberId}: Suspended`,
    ]),
  )
  expect(trail.join()).not.toContain(member.person.mobileNumber.slice(1))
})

test('the trail has a change of a host, whoever made it', async () => {
  const host = await verbs.db
    .selectFrom('hosts')
    .select('id')
    .where('status', '=', 'Active')
    .orderBy('id')
    .executeTakeFirstOrThrow()
  await verbs.db.updateTable('hosts').set({ status: 'Suspended' }).where('id', '=', host.id).execute()
  const trail = await verbs.db
    .selectFrom('securityEvents')
    .select('reason')
    .where('subject', '=', `host ${host.id}`)
    .execute()
  expect(trail).toEqual([{ reason: 'Active -> Suspended' }])
})
