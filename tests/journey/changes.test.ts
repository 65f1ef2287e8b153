import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HostDashboard } from '../../server/journey/payouts/host-dashboard-view.ts'
import { calBooking } from '../../world/outside.ts'
import { hostActs, uidOf } from '../faults/calcom.ts'
import { dayMs, hourMs, minuteMs } from '../../server/lib/time.ts'
import {
  alwaysFreeHost,
  becomesConfirmed,
  bookingStartingIn,
  type Host,
  type Member,
  moveTo,
  onboardedHost,
  paidPurchase,
  signedInHost,
  signedInMember,
  startIn,
} from '../people/actors.ts'
import { airtableRow, violations, ledgerOf, untilIdle, smsKinds } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'

let presence: Presence
let ruby: Host
let amelia: Host

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  amelia = await signedInHost(presence, 'Amelia Hart')
})

afterAll(() => presence?.stop())

/** As bookingStartingIn, after everybody was notified. */
async function bookedSession(minutes: number, ...who: [Member, Host, string?]) {
  const booking = await bookingStartingIn(minutes, ...who)
  await untilIdle(presence)
  return booking
}

const countOf = (all: string[], kind: string) => all.filter((one) => one === kind).length

test('cancelling twelve hours before the start gives the session back and frees the calendar', async () => {
  const member = await signedInMember(presence)
  const booking = await bookedSession(13 * 60, member, amelia)
  expect(booking.canChangeForFree).toBe(true)
  const after = await member.ask<Booking>('POST', `/api/bookings/${booking.id}/cancel`)
  expect(after).toMatchObject({ state: 'pending', start: null, refundable: true })
  await untilIdle(presence)
  expect((await calBooking(presence, await uidOf(presence, booking))).data.status).toBe('cancelled')
  expect(await ledgerOf(presence.databaseUrl, booking.purchaseId)).toMatchObject({ member_prepaid: -1800 })
  expect(await smsKinds(presence, member.mobileNumber)).toEqual(['welcome', 'paid', 'booked', 'cancelled'])
  expect(await airtableRow(presence, 'Presence Operations', booking.id)).toMatchObject({
    'Booking Status': 'Pending',
  })
  const again = await bookedSession(14 * 60, member, amelia, booking.id)
  expect(again.attempt).toBe(2)
  expect(await uidOf(presence, again)).not.toBe(await uidOf(presence, booking))
})

test('cancelling later forfeits the session, and the host is paid', async () => {
  const kenji = await signedInHost(presence, 'Kenji Watanabe')
  await onboardedHost(kenji)
  const member = await signedInMember(presence)
  const booking = await bookedSession(11 * 60, member, kenji)
  expect(booking.canChangeForFree).toBe(false)
  await expect(
    member.ask('POST', `/api/bookings/${booking.id}/reschedule`, { start: await startIn(presence, 48 * 60) }),
  ).rejects.toMatchObject({ status: 409, code: 'too_late_to_move' })
  const after = await member.ask('POST', `/api/bookings/${booking.id}/cancel`)
  expect(after).toMatchObject({ state: 'completed', outcome: 'late_cancellation', refundable: false })
  await untilIdle(presence)
  expect((await calBooking(presence, await uidOf(presence, booking))).data.status).toBe('cancelled')
  expect(await airtableRow(presence, 'Presence Operations', booking.id)).toMatchObject({
    'Booking Status': 'Completed',
    'Payout Status': 'Paid',
  })
  expect(await ledgerOf(presence.databaseUrl, booking.purchaseId)).toMatchObject({ platform_revenue: -594 })
  expect(await smsKinds(presence, member.mobileNumber)).toEqual(['welcome', 'paid', 'booked', 'cancelled'])
  await moveTo(presence, booking.start, minuteMs)
  await untilIdle(presence)
  expect(await smsKinds(presence, member.mobileNumber), 'nobody is reminded or thanked').toHaveLength(4)
  expect(await violations(presence)).toEqual([])
})

test('cancelling is free at exactly twelve hours, and a second later it is not', async () => {
  const member = await signedInMember(presence)
  const booking = await bookedSession(13 * 60, member, ruby)
  await moveTo(presence, booking.start, -12 * hourMs - 20_000)
  expect((await member.booking(booking.id)).canChangeForFree).toBe(true)
  await moveTo(presence, booking.start, -12 * hourMs + 1_000)
  expect((await member.booking(booking.id)).canChangeForFree).toBe(false)
})

test('a host who cancels gives the session back with seven more days and the offer of a refund', async () => {
  const member = await signedInMember(presence)
  const booking = await bookedSession(60, member, ruby)
  await ruby.ask('POST', `/api/host/bookings/${booking.id}/cancel`)
  const after = await member.booking(booking.id)
  expect(after).toMatchObject({ state: 'pending', refundable: true, isRefundOffered: true, attempt: 1 })
  expect(Date.parse(after.validUntil) - Date.parse(booking.validUntil)).toBe(7 * dayMs)
  await untilIdle(presence)
  expect(await smsKinds(presence, member.mobileNumber)).toEqual(['welcome', 'paid', 'booked', 'cancelled'])
  expect(await ledgerOf(presence.databaseUrl, booking.purchaseId)).toMatchObject({ member_prepaid: -1800 })
  await moveTo(presence, booking.start, -minuteMs)
  await untilIdle(presence)
  expect(await smsKinds(presence, member.mobileNumber), 'no reminder of what was cancelled').toHaveLength(4)
})

test('a host who cancels inside Cal.com cancels the session here', async () => {
  const member = await signedInMember(presence)
  const booking = await bookedSession(120, member, amelia)
  await hostActs(presence, await uidOf(presence, booking), 'cancel', { reason: 'ill' })
  await untilIdle(presence)
  expect(await member.booking(booking.id)).toMatchObject({ state: 'pending', isRefundOffered: true })
  expect(countOf(await smsKinds(presence, member.mobileNumber), 'cancelled')).toBe(1)
})

test.each(['Amelia Hart', 'Ruby Tamihana'])(
  'moving a session of %s leaves one live booking, announced once to both',
  async (name) => {
    const host = name === 'Amelia Hart' ? amelia : ruby
    const member = await signedInMember(presence)
    const booking = await bookedSession(20 * 60, member, host)
    const to = await startIn(presence, 30 * 60)
    await member.ask('POST', `/api/bookings/${booking.id}/reschedule`, { start: to })
    const moved = await becomesConfirmed(member, booking.id)
    expect(moved).toMatchObject({ state: 'created', start: to, attempt: 2 })
    await untilIdle(presence)
    expect(await smsKinds(presence, member.mobileNumber)).toEqual(['welcome', 'paid', 'booked', 'moved'])
    if (host === amelia) {
      expect((await calBooking(presence, await uidOf(presence, booking))).data.status).toBe('cancelled')
      expect((await calBooking(presence, await uidOf(presence, moved))).data).toMatchObject({
        status: 'accepted',
        start: expect.stringContaining(to.slice(0, 16)),
      })
      expect(await airtableRow(presence, 'Presence Operations', booking.id)).toMatchObject({
        'Cal.com Booking ID': await uidOf(presence, moved),
      })
    }
    // The earlier time is free again, and passes without an SMS.
    const other = await signedInMember(presence, 'Noor Aziz')
    const { bookingIds } = await paidPurchase(other, host)
    await other.schedule(bookingIds[0]!, host, booking.start)
    await becomesConfirmed(other, bookingIds[0]!)
    await moveTo(presence, booking.start, -10 * minuteMs)
    await untilIdle(presence)
    expect(await smsKinds(presence, member.mobileNumber)).toHaveLength(4)
  },
)

test('the sessions of a pack may be held with different hosts, each paid their own share', async () => {
  const member = await signedInMember(presence)
  const { bookingIds } = await paidPurchase(member, ruby, 'Weekly')
  const first = await bookedSession(60, member, amelia, bookingIds[0])
  const second = await bookedSession(90, member, ruby, bookingIds[1])
  expect([first.host.fullName, second.host.fullName]).toEqual(['Amelia Hart', 'Ruby Tamihana'])
  await expect(member.schedule(bookingIds[2]!, ruby, first.start)).rejects.toMatchObject({
    status: 409,
    code: 'member_busy',
  })
  for (const booking of [first, second]) await member.ask('POST', `/api/bookings/${booking.id}/cancel`)
  await untilIdle(presence)
  for (const [host, booking] of [
    [amelia, first],
    [ruby, second],
  ] as const) {
    const { earnings } = await host.ask<HostDashboard>('GET', '/api/host')
    expect(earnings.recent.find((one) => one.bookingId === booking.id)?.amountCents).toBe(1000)
  }
  expect(await violations(presence)).toEqual([])
})

test('a single session is for the host it was bought for', async () => {
  const member = await signedInMember(presence)
  const { bookingIds } = await paidPurchase(member, ruby)
  await expect(member.schedule(bookingIds[0]!, amelia, await startIn(presence, 60))).rejects.toMatchObject({
    status: 403,
    code: 'not_allowed',
  })
  expect(await member.booking(bookingIds[0]!)).toMatchObject({
    state: 'pending',
    start: null,
    host: { id: ruby.id },
  })
})
