import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Operations } from '../../server/journey/operations/operations-view.ts'
import { dayMs, minuteMs } from '../../server/lib/time.ts'
import {
  alwaysFreeHost,
  becomes,
  type Host,
  joins,
  type Member,
  moveTo,
  openSession,
  signedInOperator,
} from '../people/actors.ts'
import { violations, query, untilIdle, smsKinds } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { waitFor } from '../../world/person.ts'
import { fault, faultsEnd } from './session-scenes.ts'

let presence: Presence
let ruby: Host

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
})

afterEach(() => faultsEnd(presence))
afterAll(() => presence?.stop())

/** A paid session whose room is open, with nothing under way. */
async function openQuietSession() {
  const opened = await openSession(ruby)
  await untilIdle(presence)
  return opened
}

type Row = { role: string; joined_at: Date; left_at: Date | null }
const staysOf = (bookingId: string) =>
  query<Row>(
    presence.databaseUrl,
    'select role, joined_at, left_at from attendance where booking_id = $1 order by role, joined_at',
    [bookingId],
  )

test.each([
  { how: 'late', wanted: { kind: 'delay', delayMs: 1_500 } },
  { how: 'twice', wanted: { kind: 'duplicate' } },
  { how: 'in another order', wanted: { kind: 'reorder' } },
  { how: 'never', wanted: { kind: 'drop' } },
])('webhooks that come $how do not change who was there', async ({ wanted }) => {
  const { member, booking } = await openQuietSession()
  await fault(presence, wanted)
  await moveTo(presence, booking.start, -minuteMs)
  const [one, two] = [await joins(member, booking.id), await joins(ruby, booking.id)]
  await moveTo(presence, booking.start, 4 * minuteMs)
  await one.leave()
  const again = await joins(member, booking.id)
  await moveTo(presence, booking.start, 9 * minuteMs)
  await again.leave()
  await two.leave()
  await moveTo(presence, booking.end, 1_000)
  const after = await becomes(member, booking.id, 'settled', (session) => session.state === 'completed')
  await faultsEnd(presence)
  await moveTo(presence, booking.end, 10 * minuteMs)
  await untilIdle(presence)
  expect(after.outcome).toBe('held')
  const minutesIn = (moment: Date | null) =>
    moment ? Math.round((moment.getTime() - Date.parse(booking.start)) / minuteMs) : null
  const stays = (await staysOf(booking.id)).map((stay) => [
    stay.role,
    minutesIn(stay.joined_at),
    minutesIn(stay.left_at),
  ])
  expect(stays).toEqual([
    ['host', -1, 9],
    ['member', -1, 4],
    ['member', 4, 9],
  ])
  expect((await smsKinds(presence, member.mobileNumber)).filter((kind) => kind === 'thanks')).toHaveLength(1)
  expect(await violations(presence)).toEqual([])
})

test('a person who comes back is not absent, even if no webhook reports their return', async () => {
  const { member, booking } = await openQuietSession()
  await moveTo(presence, booking.start, 0)
  const [one, two] = [await joins(member, booking.id), await joins(ruby, booking.id)]
  await moveTo(presence, booking.start, minuteMs)
  await one.leave()
  await two.leave()
  await untilIdle(presence)
  await fault(presence, { kind: 'drop' })
  const back = [await joins(member, booking.id), await joins(ruby, booking.id)]
  await moveTo(presence, booking.start, 3 * minuteMs)
  await untilIdle(presence)
  expect((await member.booking(booking.id)).state).toBe('created')
  for (const stay of back) await stay.leave()
  await moveTo(presence, booking.end, 1_000)
  await becomes(member, booking.id, 'held', (session) => session.outcome === 'held')
})

test('a look into the room before the start ends nothing and pays nobody', async () => {
  const { member, booking } = await openQuietSession()
  await moveTo(presence, booking.start, -10 * minuteMs)
  for (const person of [member, ruby]) await (await joins(person, booking.id)).leave()
  await moveTo(presence, booking.start, -5 * minuteMs)
  await untilIdle(presence)
  expect((await member.booking(booking.id)).state, 'before the start').toBe('created')
  await moveTo(presence, booking.start, minuteMs)
  const stay = await joins(member, booking.id)
  await moveTo(presence, booking.end, 1_000)
  await untilIdle(presence)
  await becomes(member, booking.id, 'given back', (session) => session.outcome === 'host_no_show')
  await stay.leave()
})

test('a member may leave after waiting five minutes, and has the session back at once', async () => {
  const { member, booking } = await openQuietSession()
  type RoomPresence = { mayLeaveAt: string | null }
  const look = (person: Member | Host) =>
    person.ask<RoomPresence>('GET', `/api/bookings/${booking.id}/presence`)
  await joins(member, booking.id)
  expect((await look(member)).mayLeaveAt).toBe(
    new Date(Date.parse(booking.start) + 5 * minuteMs).toISOString(),
  )
  await moveTo(presence, booking.start, 5 * minuteMs - 1_000)
  await member.ask('POST', `/api/bookings/${booking.id}/leave`)
  expect((await member.booking(booking.id)).state).toBe('created')
  await moveTo(presence, booking.start, 5 * minuteMs + 1_000)
  await ruby.ask('POST', `/api/bookings/${booking.id}/leave`)
  expect((await member.booking(booking.id)).state, 'who was not there has no say').toBe('created')
  await member.ask('POST', `/api/bookings/${booking.id}/leave`)
  const after = await member.booking(booking.id)
  expect(after).toMatchObject({ state: 'pending', outcome: 'host_no_show', isRefundOffered: true })
  expect(Date.parse(after.validUntil) - Date.parse(booking.validUntil)).toBe(7 * dayMs)
  await expect(ruby.ask('POST', `/api/bookings/${booking.id}/join`)).rejects.toMatchObject({ status: 409 })
})

test('a host may leave after waiting five minutes and is paid, and the session is over', async () => {
  const { member, booking } = await openQuietSession()
  await moveTo(presence, booking.start, 0)
  const stay = await joins(ruby, booking.id)
  await fault(presence, { kind: 'drop' })
  await moveTo(presence, booking.start, 5 * minuteMs + 1_000)
  await stay.leave()
  await ruby.ask('POST', `/api/bookings/${booking.id}/leave`)
  expect(await member.booking(booking.id)).toMatchObject({ state: 'completed', outcome: 'member_no_show' })
  await expect(member.ask('POST', `/api/bookings/${booking.id}/join`)).rejects.toMatchObject({
    code: 'session_over',
  })
})

test('leaving after five minutes makes nobody absent once the other has been there', async () => {
  const { member, booking } = await openQuietSession()
  await moveTo(presence, booking.start, minuteMs)
  await fault(presence, { kind: 'drop' })
  const stay = await joins(ruby, booking.id)
  // Daily's records have nothing of stays under 10 seconds.
  await moveTo(presence, booking.start, minuteMs + 12_000)
  await stay.leave()
  await joins(member, booking.id)
  await moveTo(presence, booking.start, 6 * minuteMs)
  await member.ask('POST', `/api/bookings/${booking.id}/leave`)
  expect(
    await member.booking(booking.id),
    'what no webhook told is known from the records of Daily',
  ).toMatchObject({ state: 'created' })
})

test('a late sign of somebody settles the session, and the question to the operator is gone', async () => {
  const { member, booking } = await openQuietSession()
  await moveTo(presence, booking.end, minuteMs)
  await becomes(member, booking.id, 'unknown', (session) => session.outcome === 'unknown')
  const [room] = await query<{ name: string }>(
    presence.databaseUrl,
    'select name from rooms where booking_id = $1',
    [booking.id],
  )
  const joinedAt = Date.parse(booking.start) / 1000
  const { ctx } = presence.sandbox
  for (const [personId, id] of [
    [member.id, 'm'],
    [ruby.id, 'h'],
  ]) {
    const { emit } = await import('../../sandbox/daily/webhook.ts')
    emit(ctx, {
      version: '1.0.0',
      type: 'participant.left',
      id: `late-${booking.id}-${id}`,
      event_ts: joinedAt + 300,
      payload: {
        room: room!.name,
        user_id: personId,
        user_name: '',
        session_id: `late-${booking.id}-${id}`,
        joined_at: joinedAt,
        duration: 300,
      },
    })
  }
  await waitFor('the late webhooks', async () => (await staysOf(booking.id)).length === 2)
  await moveTo(presence, booking.end, 3 * minuteMs)
  await becomes(member, booking.id, 'held', (session) => session.outcome === 'held')
  const operator = await signedInOperator(presence)
  const { tasks } = await operator.ask<Operations>('GET', '/api/ops')
  expect(tasks.filter((one) => one.bookingId === booking.id)).toEqual([])
})

test('a server killed during a session knows afterwards who was there, and for how long', async () => {
  const { member, booking } = await openQuietSession()
  const [one, two] = [await joins(member, booking.id), await joins(ruby, booking.id)]
  await moveTo(presence, booking.start, minuteMs)
  await untilIdle(presence)
  await presence.kill9()
  await one.leave()
  await two.leave()
  await presence.restart()
  await moveTo(presence, booking.end, 1_000)
  await becomes(member, booking.id, 'held', (session) => session.outcome === 'held')
  await moveTo(presence, booking.end, 10 * minuteMs)
  await untilIdle(presence)
  expect((await staysOf(booking.id)).map((stay) => [stay.role, stay.left_at !== null])).toEqual([
    ['host', true],
    ['member', true],
  ])
})
