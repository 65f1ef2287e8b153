import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { calBooking, clockNow, moveClock } from '../../world/outside.ts'
import { waitFor } from '../../world/person.ts'
import { hourMs, minuteMs } from '../../server/lib/time.ts'
import {
  alwaysFreeHost,
  becomes,
  becomesConfirmed,
  bookingStartingIn,
  type Host,
  type Member,
  paidPurchase,
  sessionTakesPlace,
  signedInHost,
  signedInMember,
  startIn,
} from '../people/actors.ts'
import { query, untilIdle, smsArrives, smsKinds } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { acceptedAtCalcom, hostActs, uidOf } from './calcom.ts'
import type { HostPage } from '../../server/journey/hosts/host-view.ts'

let presence: Presence
let amelia: Host
let ruby: Host

beforeAll(async () => {
  presence = await startPresence()
  amelia = await signedInHost(presence, 'Amelia Hart')
  ruby = await alwaysFreeHost(presence)
})

afterAll(() => presence?.stop())

async function control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${presence.sandboxUrl}/_sandbox${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
  return text ? JSON.parse(text) : {}
}

const fault = (rule: Record<string, unknown>) => control('POST', '/faults', { provider: 'calcom', ...rule })
const byHost = (uid: string, act: 'cancel' | 'reschedule', body?: unknown) =>
  hostActs<{ uid: string }>(presence, uid, act, body)

afterEach(async () => {
  await control('DELETE', '/faults')
  await control('POST', '/limits', { on: false })
})

const accepted = (bookingId: string) => acceptedAtCalcom(presence, bookingId)

/** An hour of its own for each booking. */
let hours = 24
const freshStart = () => startIn(presence, (hours += 1) * 60)

async function unused(member: Member, host: Host = amelia): Promise<string> {
  return (await paidPurchase(member, host)).bookingIds[0]!
}

test('a booking that Cal.com made without an answer is found, confirmed and announced once', async () => {
  const member = await signedInMember(presence)
  const id = await unused(member)
  await fault({ operation: 'bookings.create', kind: 'timeout_after', times: 1, delayMs: 500 })
  await member.schedule(id, amelia, await freshStart())
  await moveClock(presence, { advanceMs: 11_000 })
  const booking = await becomesConfirmed(member, id)
  expect((await accepted(id)).map(({ uid }) => uid)).toEqual([await uidOf(presence, booking)])
  await untilIdle(presence)
  expect(await smsKinds(presence, member.mobileNumber)).toEqual(['welcome', 'paid', 'booked'])
})

test('a start that Cal.com refuses is answered with the nearest free times, and stays unused', async () => {
  const member = await signedInMember(presence)
  const id = await unused(member)
  const start = await freshStart()
  const slots = `/api/hosts/${amelia.id}/slots?from=${start}&to=${new Date(Date.parse(start) + hourMs).toISOString()}`
  expect(await member.ask('GET', slots)).toMatchObject({ calendar: 'calcom' })
  await control('POST', '/calcom/users/amelia-hart/busy', {
    start,
    end: new Date(Date.parse(start) + 30 * minuteMs).toISOString(),
  })
  const response = await member.fetch('/functions/v1/calcom-create-booking', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ bookingId: id, hostId: amelia.id, start }),
  })
  const problem = (await response.json()) as { code: string; nearest: string[] }
  expect([response.status, problem.code]).toEqual([409, 'time_taken'])
  expect(problem.nearest).toHaveLength(5)
  expect(problem.nearest).not.toContain(start)
  expect(await member.booking(id)).toMatchObject({ state: 'pending', start: null, calendarStatus: 'none' })
  expect(await accepted(id)).toEqual([])
})

test('Cal.com webhooks that come twice, out of order or never change nothing in the end', async () => {
  const member = await signedInMember(presence)
  await fault({ operation: '*', kind: 'duplicate' })
  await fault({ operation: '*', kind: 'reorder' })
  const booking = await bookingStartingIn((hours += 1) * 60, member, amelia)
  const [first, second] = [await freshStart(), await freshStart()]
  const moved = await byHost(await uidOf(presence, booking), 'reschedule', { start: first })
  await byHost(moved.uid, 'reschedule', { start: second })
  await becomes(member, booking.id, 'where the host moved it in the end', (one) => one.start === second)
  await control('DELETE', '/faults')
  await untilIdle(presence)
  expect(await accepted(booking.id)).toHaveLength(1)

  await fault({ operation: '*', kind: 'drop' })
  const now = await member.booking(booking.id)
  await byHost(await uidOf(presence, now), 'cancel')
  await presence.sandbox.settled()
  expect((await member.booking(booking.id)).state).toBe('created')
  // Ten minutes are promised; reconciling looks after five.
  await moveClock(presence, { advanceMs: 6 * minuteMs })
  expect(await becomes(member, booking.id, 'given back', (one) => one.state === 'pending')).toMatchObject({
    refundable: true,
    isRefundOffered: true,
  })
  await smsArrives(presence, member.mobileNumber, 'is cancelled')
})

test('a session moved inside Cal.com onto another one of the member is given back', async () => {
  const member = await signedInMember(presence)
  const other = await bookingStartingIn((hours += 1) * 60, member, ruby)
  const booking = await bookingStartingIn((hours += 1) * 60, member, amelia)
  await byHost(await uidOf(presence, booking), 'reschedule', { start: other.start })
  await becomes(member, booking.id, 'given back', (one) => one.state === 'pending')
  await untilIdle(presence)
  expect(await accepted(booking.id)).toEqual([])
  expect(await member.booking(other.id)).toMatchObject({ state: 'created', start: other.start })
})

test('a member who books two hosts for the same time at once gets one of them', async () => {
  const member = await signedInMember(presence)
  const [one, two] = [await unused(member, ruby), await unused(member, amelia)]
  const start = await freshStart()
  const settled = await Promise.allSettled([
    member.schedule(one, ruby, start),
    member.schedule(two, amelia, start),
  ])
  expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(settled.find((each) => each.status === 'rejected')).toMatchObject({
    reason: { status: 409, code: 'member_busy' },
  })
  await untilIdle(presence)
  expect(
    await query(presence.databaseUrl, "select id from bookings where member_id = $1 and state = 'created'", [
      member.id,
    ]),
  ).toHaveLength(1)
})

test('moving that races cancelling ends in one of the two, here and at Cal.com', async () => {
  for (let round = 0; round < 3; round++) {
    const member = await signedInMember(presence)
    const booking = await bookingStartingIn((hours += 1) * 60, member, amelia)
    const start = await freshStart()
    await Promise.allSettled([
      member.ask('POST', `/api/bookings/${booking.id}/reschedule`, { start }),
      member.ask('POST', `/api/bookings/${booking.id}/cancel`),
    ])
    await untilIdle(presence)
    const after = await member.booking(booking.id)
    const there = await accepted(booking.id)
    if (after.state === 'pending') expect(there).toEqual([])
    else expect(there.map((one) => Date.parse(one.start))).toEqual([Date.parse(after.start!)])
  }
})

test('many visitors cost Cal.com few calls, and an outage shows the times last known', async () => {
  await control('POST', '/limits', { on: true })
  const hosts = (await amelia.ask<HostPage>('GET', '/api/hosts?limit=100')).hosts
  const from = (await clockNow(presence)).toISOString()
  const to = new Date(Date.parse(from) + 20 * 24 * hourMs).toISOString()
  const visit = async (hostId: string) =>
    (await fetch(`${presence.url}/api/hosts/${hostId}/slots?from=${from}&to=${to}`)).status
  const since = Number(
    ((await control('GET', '/journal')) as { entries: { id: number }[] }).entries.at(-1)?.id ?? 0,
  )
  const statuses = await Promise.all(
    Array.from({ length: 300 }, (_, index) => visit(hosts[index % hosts.length]!.id)),
  )
  expect(new Set(statuses)).toEqual(new Set([200]))
  const { entries } = (await control('GET', `/journal?since=${since}`)) as {
    entries: { id: number; operation: string; status: number }[]
  }
  const asked = entries.filter((entry) => entry.id > since && entry.operation === 'slots.list')
  expect(asked.length).toBeLessThanOrEqual(hosts.length * 2)
  expect(asked.every((entry) => entry.status === 200)).toBe(true)

  await fault({ operation: '*', kind: 'outage' })
  await moveClock(presence, { advanceMs: 2 * minuteMs })
  expect(await visit(amelia.id)).toBe(200)
  await moveClock(presence, { advanceMs: 30 * minuteMs })
  const answer = await fetch(`${presence.url}/api/hosts/${amelia.id}/slots?from=${from}&to=${to}`)
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ code: 'calendar_unavailable' })
  const { hosts: left } = await amelia.ask<HostPage>('GET', '/api/hosts?limit=100&sort=next')
  expect(left[0]).toMatchObject({ id: ruby.id })
  expect(await visit(ruby.id)).toBe(200)
  await control('DELETE', '/faults')
  await moveClock(presence, { advanceMs: 10_000 })
  await waitFor('Cal.com to be asked again', async () => (await visit(amelia.id)) === 200)
})

test('a person who did not come is marked absent in the calendar of the host', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn((hours += 1) * 60, member, amelia)
  await sessionTakesPlace(member, booking, [amelia])
  await becomes(member, booking.id, 'settled', (one) => one.outcome === 'member_no_show')
  await waitFor('the mark', async () => {
    const { data } = (await calBooking(presence, await uidOf(presence, booking))) as unknown as {
      data: { attendees: { absent: boolean }[] }
    }
    return data.attendees[0]!.absent
  })
})
