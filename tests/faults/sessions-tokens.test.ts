import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Operations } from '../../server/journey/operations/operations-view.ts'
import {
  alwaysFreeHost,
  becomes,
  bookingStartingIn,
  type Host,
  joins,
  type Member,
  moveTo,
  openRoom,
  signedInHost,
  signedInMember,
  signedInOperator,
} from '../people/actors.ts'
import { violations, query, untilIdle, smsKinds } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { waitFor } from '../../world/person.ts'
import type { JoinAnswer } from '../../server/journey/rooms/room-view.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { minuteMs } from '../../server/lib/time.ts'

type Timed = Booking & { start: string; end: string }
let presence: Presence
let ruby: Host
let member: Member
let booking: Timed

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  member = await signedInMember(presence)
  booking = await bookingStartingIn(60, member, ruby)
  await openRoom(member, booking)
})

afterAll(() => presence?.stop())

const addressOf = async (person: Member | Host, bookingId = booking.id) =>
  new URL((await person.ask<JoinAnswer>('POST', `/api/bookings/${bookingId}/join`)).url!)

/** The room's answer to somebody with this token. */
async function entering(room: string, token: string): Promise<{ status: number; reason?: string }> {
  const answer = await fetch(`${presence.sandboxUrl}/_sandbox/daily/rooms/${room}/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  return { status: answer.status, ...(answer.ok ? {} : ((await answer.json()) as { reason: string })) }
}

const roomIn = (address: URL) => address.pathname.split('/').at(-1)!
const tokenIn = (address: URL) => address.searchParams.get('t')!

test('the join link of a session tells a third person nothing, not even whether it exists', async () => {
  const stranger = await signedInMember(presence, 'Kim Other')
  const otherHost = await signedInHost(presence, 'Amelia Hart')
  for (const person of [stranger, otherHost]) {
    for (const act of ['join', 'leave', 'complete', 'report']) {
      await expect(
        person.ask('POST', `/api/bookings/${booking.id}/${act}`, { text: 'x' }),
      ).rejects.toMatchObject({ status: 404, code: 'not_found' })
    }
    await expect(person.ask('GET', `/api/bookings/${booking.id}/presence`)).rejects.toMatchObject({
      status: 404,
    })
  }
})

test('a room does not open without its token, with a changed one, or with one of another room', async () => {
  const address = await addressOf(member)
  const room = roomIn(address)
  expect(await entering(room, '')).toMatchObject({ status: 403, reason: 'token_missing' })
  const [head, body] = tokenIn(address).split('.')
  const claims = JSON.parse(Buffer.from(body!, 'base64url').toString()) as Record<string, unknown>
  const forged = `${head}.${Buffer.from(JSON.stringify({ ...claims, o: true })).toString('base64url')}`
  expect(
    await entering(
      room,
      `${forged}.${createHmac('sha256', 'another key').update(forged).digest('base64url')}`,
    ),
  ).toMatchObject({ reason: 'token_foreign' })
  const other = await signedInMember(presence, 'Kim Other')
  const elsewhere = await bookingStartingIn(1, other, ruby)
  await becomes(other, elsewhere.id, 'open', (one) => one.roomStatus === 'active')
  expect(await entering(room, tokenIn(await addressOf(other, elsewhere.id)))).toMatchObject({
    reason: 'token_foreign',
  })
})

test('a token used again replaces its first user, so that there are never three people', async () => {
  const address = await addressOf(member)
  const stay = await joins(ruby, booking.id)
  for (let times = 0; times < 3; times++)
    expect((await entering(roomIn(address), tokenIn(address))).status).toBe(200)
  const answer = await fetch(`${presence.sandboxUrl}/v1/rooms/${roomIn(address)}/presence`, {
    headers: { authorization: `Bearer ${presence.keys['DAILY_API_KEY']}` },
  })
  const { data } = (await answer.json()) as { data: { userId: string }[] }
  expect(data.map((one) => one.userId).toSorted()).toEqual([member.id, ruby.id].toSorted())
  await stay.leave()
})

test('nobody owns the room, so nobody can record it; both tokens end with it', async () => {
  for (const person of [member, ruby]) {
    const claims = JSON.parse(
      Buffer.from(tokenIn(await addressOf(person)).split('.')[1]!, 'base64url').toString(),
    ) as Record<string, unknown>
    expect(claims).toMatchObject({
      o: false,
      ud: person.id,
      nbf: Date.parse(booking.start) / 1000 - 900,
      exp: Date.parse(booking.end) / 1000 + 300,
      ejt: true,
    })
  }
})

test('a session ended by a report pays and thanks nobody before an operator decides', async () => {
  const stay = await joins(ruby, booking.id)
  await becomes(member, booking.id, 'joined by the host', (one) => one.hostJoinedAt !== null)
  await member.ask('POST', `/api/bookings/${booking.id}/report`, {
    text: 'I felt unsafe.',
    endsSession: true,
  })
  const [report] = await query<{
    evidence: { stays: { role: string }[]; names: object }
    has_ended_session: boolean
  }>(presence.databaseUrl, 'select evidence, has_ended_session from reports')
  expect(report).toMatchObject({
    has_ended_session: true,
    evidence: { names: { host: 'Ruby Tamihana', member: 'Sam Rivers' } },
  })
  expect(report!.evidence.stays.some((one) => one.role === 'host')).toBe(true)
  await waitFor('the end of the room', async () => (await member.booking(booking.id)).roomStatus === 'ended')
  await expect(member.ask('POST', `/api/bookings/${booking.id}/join`)).rejects.toMatchObject({
    code: 'session_over',
  })
  await expect(ruby.ask('POST', `/api/bookings/${booking.id}/join`)).rejects.toMatchObject({
    code: 'session_over',
  })
  await stay.leave().catch(() => undefined) // Daily has put them out already
  await moveTo(presence, booking.end, minuteMs)
  await untilIdle(presence)
  expect(await member.booking(booking.id)).toMatchObject({ state: 'created', outcome: 'unknown' })
  expect(await smsKinds(presence, member.mobileNumber)).not.toContain('thanks')
  expect(
    await query(presence.databaseUrl, 'select 1 from payouts where booking_id = $1', [booking.id]),
  ).toEqual([])

  const operator = await signedInOperator(presence)
  const { tasks } = await operator.ask<Operations>('GET', '/api/ops')
  const task = tasks.find(({ kind }) => kind === 'report')!
  expect(task.hasEndedSession).toBe(true)
  await expect(
    operator.ask('POST', `/api/ops/tasks/${task.id}/resolve`, { note: 'spoke to both' }),
  ).rejects.toMatchObject({ status: 400 })
  await operator.ask('POST', `/api/ops/tasks/${task.id}/resolve`, {
    decision: 'decided_for_member',
    note: 'spoke to both',
  })
  await untilIdle(presence)
  expect(await member.booking(booking.id)).toMatchObject({
    state: 'pending',
    outcome: null,
    isRefundOffered: true,
  })
  expect(await smsKinds(presence, member.mobileNumber)).not.toContain('thanks')
  expect(await violations(presence)).toEqual([])
})

test('an expired token opens nothing', async () => {
  const other = await signedInMember(presence, 'Lou Late')
  const later = await bookingStartingIn(60, other, ruby)
  await openRoom(other, later)
  const address = await addressOf(other, later.id)
  await moveTo(presence, later.end, 5 * minuteMs + 1_000)
  const refused = await entering(roomIn(address), tokenIn(address))
  expect(refused).toMatchObject({ status: 403 })
  expect(['room_expired', 'token_expired']).toContain(refused.reason)
})
