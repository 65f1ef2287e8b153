import { afterAll, beforeAll, expect, test } from 'vitest'
import { roomName } from '../../server/journey/rooms/room.ts'
import { calUidOf, stripeOf } from '../../world/outside.ts'
import { type Host, type Member, onboardedHost, signedInHost } from '../people/actors.ts'
import { airtableRow, violations, ledgerOf, untilIdle, smsKinds } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { asksForRefund, buys, cancels, meets, moves, newPersistentMember, schedules } from './persistent.ts'
import { liveAtCalcom } from './sandbox.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'

// Each journey dies at all of its failpoints, one after the other; these are all the ways through it. The
// next failpoint is given at the restart, so that crashes can follow each other at once.
const journeys = [
  [
    'after-commit:purchase',
    'after-commit:webhook-stripe',
    'after-commit:scheduled',
    'before-call:room',
    'after-commit:webhook-daily',
    'before-call:transfer',
  ],
  [
    'after-call:checkout',
    'after-commit:paid',
    'before-call:calcom-book',
    'after-call:room',
    'after-commit:settled',
  ],
  ['before-call:sms', 'after-call:calcom-book', 'after-commit:room', 'after-call:transfer'],
  ['after-record:sms', 'after-record:calcom-book', 'after-commit:webhook-twilio', 'after-commit:transfer'],
  ['after-call:sms', 'after-call:records'],
]

let presence: Presence
let amelia: Host

beforeAll(async () => {
  presence = await startPresence()
  amelia = await signedInHost(presence, 'Amelia Hart')
  await onboardedHost(amelia)
})

afterAll(() => presence?.stop())

/** With the next failpoint, which may lie in the start itself. */
async function startAgain(failAt: string): Promise<void> {
  await presence.restart({ FAILPOINT: failAt }).catch(async (error: unknown) => {
    if ((await presence.ended()).signal !== 'SIGKILL') throw error
  })
}

/**
 * Runs `act` while the application dies at each of `places` in turn and is started again, until `act` ends.
 */
async function survives<Result>(places: string[], act: () => Promise<Result>): Promise<Result> {
  await startAgain(places[0]!)
  const acting = act()
  for (const [index, place] of places.entries()) {
    const ending = await Promise.race([presence.ended(), acting.then(() => untilIdle(presence))])
    await startAgain(places[index + 1] ?? '')
    if (ending?.signal !== 'SIGKILL') throw new Error(`nothing died at ${place}`)
  }
  const result = await acting
  await untilIdle(presence)
  return result
}

const liveUids = async (bookingId: string) => (await liveAtCalcom(presence, bookingId)).map((one) => one.uid)

const chargesOf = async (purchaseId: string) =>
  (await stripeOf(presence).charges.list({ limit: 100 })).data.filter(
    (one) => one.metadata['purchase_id'] === purchaseId && one.paid,
  )

const nameAt = (index: number) => `Kim${String.fromCharCode(65 + index)} Stone`

test.each(journeys.map((places, index) => ({ places, index, names: places.join(', ') })))(
  'a journey goes on after kill -9 at $names, with nothing lost and nothing doubled',
  async ({ places, index }) => {
    const told = (await smsKinds(presence, amelia.mobileNumber)).length
    const { member, purchaseId, booking } = await survives(places, async () => {
      const member = await newPersistentMember(presence, nameAt(index))
      const { purchaseId, bookingIds } = await buys(member, amelia)
      const booking = await schedules(member, amelia, bookingIds[0]!, 90)
      await meets(member, amelia, booking)
      return { member, purchaseId, booking }
    })
    expect(await member.booking(booking.id)).toMatchObject({
      state: 'completed',
      outcome: 'held',
      attempt: 1,
    })
    expect(await chargesOf(purchaseId)).toHaveLength(1)
    expect(await liveUids(booking.id)).toEqual([await calUidOf(presence, booking)])
    expect((await smsKinds(presence, member.mobileNumber)).sort()).toEqual([
      'booked',
      'paid',
      'reminder',
      'thanks',
      'welcome',
    ])
    expect((await smsKinds(presence, amelia.mobileNumber)).slice(told).sort()).toEqual(['booked', 'reminder'])
    const rooms = presence.sandbox.ctx.store.list<{ name: string }>('daily.room').map((room) => room.name)
    expect(rooms.filter((name) => name.startsWith(roomName(booking.id, 1).slice(0, -1)))).toEqual([
      roomName(booking.id, 1),
    ])
    const { data: transfers } = await stripeOf(presence).transfers.list({ transfer_group: purchaseId })
    expect(transfers.map((one) => one.amount)).toEqual([1206])
    expect(await airtableRow(presence, 'Members', member.id)).toMatchObject({ 'Full Name': member.fullName })
    expect(await airtableRow(presence, 'Presence Operations', booking.id)).toMatchObject({
      'Booking Status': 'Completed',
      'Payment Status': 'Completed',
      'Payout Status': 'Paid',
      'Payout ID': transfers[0]!.id,
      'Host Joined': true,
      'Member Joined': true,
      'Member Name': member.fullName,
    })
    expect(await violations(presence)).toEqual([])
  },
)

/** A member with a session that is twenty hours away. */
async function booked(): Promise<{
  member: Member
  purchaseId: string
  booking: Booking & { start: string }
}> {
  const member = await newPersistentMember(presence, 'Lou Winter')
  const { purchaseId, bookingIds } = await buys(member, amelia)
  const booking = await schedules(member, amelia, bookingIds[0]!, 20 * 60)
  return { member, purchaseId, booking }
}

test('a session cancelled during a crash is cancelled, at Cal.com too, and announced once', async () => {
  const { member, booking } = await survives(['after-commit:cancelled'], async () => {
    const all = await booked()
    await cancels(all.member, all.booking.id)
    return all
  })
  expect(await member.booking(booking.id)).toMatchObject({ state: 'pending', attempt: 1 })
  expect(await liveUids(booking.id)).toEqual([])
  expect((await smsKinds(presence, member.mobileNumber)).filter((kind) => kind === 'cancelled')).toHaveLength(
    1,
  )
  expect(await violations(presence)).toEqual([])
})

test('a session moved during a crash has moved once, at Cal.com too', async () => {
  const { member, booking, moved } = await survives(['after-commit:moved'], async () => {
    const all = await booked()
    return { ...all, moved: await moves(all.member, amelia, all.booking, 26 * 60) }
  })
  expect(moved.start > booking.start).toBe(true)
  expect(await member.booking(booking.id)).toMatchObject({
    state: 'created',
    attempt: 2,
    calendarStatus: 'confirmed',
  })
  expect(await liveUids(booking.id)).toEqual([await calUidOf(presence, moved)])
  expect((await smsKinds(presence, member.mobileNumber)).filter((kind) => kind === 'moved')).toHaveLength(1)
})

test('a refund promised during a crash is paid once', async () => {
  const { member, purchaseId, bookingId } = await survives(['after-commit:refund'], async () => {
    const member = await newPersistentMember(presence, 'Lou Winter')
    const { purchaseId, bookingIds } = await buys(member, amelia)
    await asksForRefund(member, bookingIds[0]!)
    return { member, purchaseId, bookingId: bookingIds[0]! }
  })
  expect((await member.booking(bookingId)).state).toBe('cancelled')
  const { data } = await stripeOf(presence).refunds.list({ limit: 100 })
  expect(data.filter((one) => one.metadata?.['booking_id'] === bookingId).map((one) => one.amount)).toEqual([
    1800,
  ])
  expect(await ledgerOf(presence.databaseUrl, purchaseId)).not.toHaveProperty('member_prepaid')
  expect(await violations(presence)).toEqual([])
})
