import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Operations } from '../../server/journey/operations/operations-view.ts'
import { dayMs, minuteMs } from '../../server/lib/time.ts'
import {
  alwaysFreeHost,
  becomes,
  bookingStartingIn,
  type Host,
  joins,
  moveTo,
  onboardedHost,
  openRoom,
  sessionTakesPlace,
  signedInMember,
  signedInOperator,
} from '../people/actors.ts'
import { airtableRow, violations, ledgerOf, untilIdle, smsKinds } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { stripeOf } from '../../world/outside.ts'

let presence: Presence
let ruby: Host

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  await onboardedHost(ruby)
})

afterAll(() => presence?.stop())

const transfersOf = async (purchaseId: string) =>
  (await stripeOf(presence).transfers.list({ transfer_group: purchaseId })).data.map((one) => one.amount)

test('a member who does not come is charged, and the host who waited is paid', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(60, member, ruby)
  await sessionTakesPlace(member, booking, [ruby])
  const after = await becomes(member, booking.id, 'settled', (one) => one.state === 'completed')
  expect(after).toMatchObject({ outcome: 'member_no_show', memberJoinedAt: null, refundable: false })
  await untilIdle(presence)
  expect(await transfersOf(booking.purchaseId)).toEqual([1206])
  expect(await smsKinds(presence, member.mobileNumber), 'nobody is thanked for not coming').toEqual([
    'welcome',
    'paid',
    'booked',
    'reminder',
  ])
  expect(await airtableRow(presence, 'Presence Operations', booking.id)).toMatchObject({
    'Host Joined': true,
    'Booking Status': 'Completed',
  })
  expect(await violations(presence)).toEqual([])
})

test('a host who does not come is not paid, and the session is given back with seven more days', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(60, member, ruby)
  await sessionTakesPlace(member, booking, [member])
  const after = await becomes(member, booking.id, 'given back', (one) => one.state === 'pending')
  expect(after).toMatchObject({
    outcome: 'host_no_show',
    refundable: true,
    isRefundOffered: true,
    start: null,
  })
  expect(Date.parse(after.validUntil) - Date.parse(booking.validUntil)).toBe(7 * dayMs)
  await untilIdle(presence)
  expect(await transfersOf(booking.purchaseId)).toEqual([])
  expect(await ledgerOf(presence.databaseUrl, booking.purchaseId)).toMatchObject({ member_prepaid: -1800 })
  expect(await smsKinds(presence, member.mobileNumber)).toEqual([
    'welcome',
    'paid',
    'booked',
    'reminder',
    'host failed',
  ])
  const again = await bookingStartingIn(60, member, ruby, booking.id)
  expect(again.outcome, 'a new attempt starts afresh').toBe(null)
})

test.each([
  { decision: 'held', state: 'completed', outcome: 'held', transfers: [1206] },
  { decision: 'member_absent', state: 'completed', outcome: 'member_no_show', transfers: [1206] },
  { decision: 'host_absent', state: 'pending', outcome: 'host_no_show', transfers: [] },
])(
  'a session without any attendance waits for an operator, and "$decision" settles it',
  async ({ decision, state, outcome, transfers }) => {
    const member = await signedInMember(presence)
    const booking = await bookingStartingIn(60, member, ruby)
    await openRoom(member, booking)
    await moveTo(presence, booking.end, minuteMs)
    await becomes(member, booking.id, 'unknown', (one) => one.outcome === 'unknown')
    await moveTo(presence, booking.end, dayMs)
    await untilIdle(presence)
    expect(await member.booking(booking.id), 'it is never guessed').toMatchObject({
      state: 'created',
      outcome: 'unknown',
    })
    expect(await transfersOf(booking.purchaseId)).toEqual([])

    const operator = await signedInOperator(presence)
    const task = async () =>
      (await operator.ask<Operations>('GET', '/api/ops')).tasks.filter((one) => one.bookingId === booking.id)
    const [found, ...more] = await task()
    expect(found).toMatchObject({ kind: 'attendance_unknown' })
    expect(more).toEqual([])
    await expect(
      operator.ask('POST', `/api/ops/tasks/${found!.id}/resolve`, { note: 'no idea' }),
    ).rejects.toMatchObject({ status: 400 })
    await expect(
      member.ask('POST', `/api/ops/tasks/${found!.id}/resolve`, { decision: 'host_absent' }),
    ).rejects.toMatchObject({ status: 403 })
    await operator.ask('POST', `/api/ops/tasks/${found!.id}/resolve`, {
      decision,
      note: 'I asked both of them',
    })
    await expect(
      operator.ask('POST', `/api/ops/tasks/${found!.id}/resolve`, { decision: 'held' }),
    ).rejects.toMatchObject({ code: 'conflict' })
    await untilIdle(presence)
    const settled = await member.booking(booking.id)
    expect(settled).toMatchObject({ state, outcome })
    if (state === 'pending')
      expect(Date.parse(settled.validUntil)).toBeGreaterThan(Date.parse(booking.end) + dayMs)
    expect(await transfersOf(booking.purchaseId)).toEqual(transfers)
    expect(await task()).toEqual([])
    expect(await violations(presence)).toEqual([])
  },
)

test('a session ends early when both have left and say so, not by the word of one alone', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(60, member, ruby)
  await openRoom(member, booking)
  const memberStay = await joins(member, booking.id)
  await moveTo(presence, booking.start, minuteMs)
  await expect(member.ask('POST', `/api/bookings/${booking.id}/complete`)).rejects.toMatchObject({
    status: 409,
    code: 'conflict',
  })
  const hostStay = await joins(ruby, booking.id)
  await becomes(
    member,
    booking.id,
    'joined by both',
    (one) => one.hostJoinedAt !== null && one.memberJoinedAt !== null,
  )
  await expect(member.ask('POST', `/api/bookings/${booking.id}/complete`)).rejects.toMatchObject({
    code: 'conflict',
  })
  await memberStay.leave()
  await hostStay.leave()
  await untilIdle(presence)
  await member.ask('POST', `/api/bookings/${booking.id}/complete`)
  expect(await member.booking(booking.id)).toMatchObject({ state: 'completed', outcome: 'held' })
  await untilIdle(presence)
  expect((await smsKinds(presence, member.mobileNumber)).at(-1)).toBe('thanks')
})

test('a person who comes back within half a minute goes on', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(60, member, ruby)
  await openRoom(member, booking)
  const [one, two] = [await joins(member, booking.id), await joins(ruby, booking.id)]
  await moveTo(presence, booking.start, minuteMs)
  await one.leave()
  await two.leave()
  await untilIdle(presence)
  expect((await member.booking(booking.id)).state).toBe('created')
  const back = [await joins(member, booking.id), await joins(ruby, booking.id)]
  await moveTo(presence, booking.start, 120_000)
  await untilIdle(presence)
  expect((await member.booking(booking.id)).state, 'they are talking').toBe('created')
  for (const stay of back) await stay.leave()
  await moveTo(presence, booking.end, 1_000)
  await becomes(member, booking.id, 'held', (session) => session.outcome === 'held')
})
