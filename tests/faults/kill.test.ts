import { afterAll, beforeAll, expect, test } from 'vitest'
import { roomName } from '../../server/journey/rooms/room.ts'
import { stripeOf } from '../../scripts/world/outside.ts'
import { type Booking, type Host, type Member, onboardedHost, signedInHost } from '../actors.ts'
import { airtableRow, brokenPromises, ledgerOf, quiet, smsKinds } from '../evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { asksForRefund, buys, cancels, meets, moves, newPersistentMember, schedules } from './persistent.ts'
import { liveAtCalcom } from './sandbox.ts'

type Place = {
  breakAt: string
  /** Where on the way it lies. */
  act: number
  /** Journeys pass here more than once. */
  recurs?: true
}

// What comes after a death is told when the application starts again. It may be the place at which the next journey
// is to die, where that lies before the act that died: the rest of this journey never passes there.
const places: Place[] = [
  { act: 8, breakAt: 'after-commit:transfer' },
  { act: 7, breakAt: 'after-commit:settled' },
  { act: 5, breakAt: 'after-commit:room' },
  { act: 4, breakAt: 'after-record:calcom-book' },
  { act: 3, breakAt: 'after-commit:scheduled' },
  { act: 2, breakAt: 'after-commit:paid' },
  { act: 1, breakAt: 'after-call:checkout' },
  { act: 8, breakAt: 'after-call:transfer' },
  { act: 5, breakAt: 'after-call:room' },
  { act: 4, breakAt: 'after-call:calcom-book' },
  { act: 1, breakAt: 'after-commit:purchase' },
  { act: 8, breakAt: 'before-call:transfer' },
  { act: 5, breakAt: 'before-call:room' },
  { act: 4, breakAt: 'before-call:calcom-book' },
  { act: 2, breakAt: 'after-commit:webhook-stripe', recurs: true },
  { act: 6, breakAt: 'after-commit:webhook-daily', recurs: true },
  { act: 0, breakAt: 'after-call:records', recurs: true },
  { act: 0, breakAt: 'after-record:sms', recurs: true },
  { act: 0, breakAt: 'after-call:sms', recurs: true },
  { act: 0, breakAt: 'before-call:sms', recurs: true },
  { act: 0, breakAt: 'after-commit:webhook-twilio', recurs: true },
]

function nextBreakAt(index: number): string {
  const next = places[index + 1]
  return next && !next.recurs && next.act < places[index]!.act ? next.breakAt : ''
}

let presence: Presence
let amelia: Host

beforeAll(async () => {
  presence = await startPresence()
  amelia = await signedInHost(presence, 'Amelia Hart')
  await onboardedHost(amelia)
})

afterAll(() => presence?.stop())

/** Runs `act` with the application dying at `breakAt`, brings it up again, and lets `act` end. */
async function survives<Result>(breakAt: string, then: string, act: () => Promise<Result>): Promise<Result> {
  if (presence.env['BREAK_AT'] !== breakAt) await presence.restart({ BREAK_AT: breakAt })
  const acting = act()
  const ending = await Promise.race([presence.ended(), acting.then(() => quiet(presence))])
  if (ending?.signal !== 'SIGKILL') {
    await presence.restart({ BREAK_AT: '' })
    throw new Error(`nothing died at ${breakAt}`)
  }
  await presence.restart({ BREAK_AT: then })
  const result = await acting
  await quiet(presence)
  return result
}

const liveUids = async (bookingId: string) => (await liveAtCalcom(presence, bookingId)).map((one) => one.uid)

const chargesOf = async (purchaseId: string) =>
  (await stripeOf(presence).charges.list({ limit: 100 })).data.filter((one) => one.metadata['purchase_id'] === purchaseId && one.paid)

const nameAt = (index: number) => `Kim${String.fromCharCode(65 + index)} Stone`

test.each(places.map((place, index) => ({ ...place, index })))('a journey goes on after kill -9 at $breakAt, with nothing lost and nothing doubled', async ({ breakAt, index }) => {
  const told = (await smsKinds(presence, amelia.mobileNumber)).length
  const { member, purchaseId, booking } = await survives(breakAt, nextBreakAt(index), async () => {
    const member = await newPersistentMember(presence, nameAt(index))
    const { purchaseId, bookingIds } = await buys(member, amelia)
    const booking = await schedules(member, amelia, bookingIds[0]!, 90)
    await meets(member, amelia, booking)
    return { member, purchaseId, booking }
  })
  expect(await member.booking(booking.id)).toMatchObject({ state: 'completed', outcome: 'held', attempt: 1 })
  expect(await chargesOf(purchaseId)).toHaveLength(1)
  expect(await liveUids(booking.id)).toEqual([booking.calBookingUrl!.split('/').at(-1)])
  expect((await smsKinds(presence, member.mobileNumber)).sort()).toEqual(['booked', 'paid', 'reminder', 'thanks', 'welcome'])
  expect((await smsKinds(presence, amelia.mobileNumber)).slice(told).sort()).toEqual(['booked', 'reminder'])
  const rooms = presence.sandbox.ctx.store.list<{ name: string }>('daily.room').map((room) => room.name)
  expect(rooms.filter((name) => name.startsWith(roomName(booking.id, 1).slice(0, -1)))).toEqual([roomName(booking.id, 1)])
  const { data: transfers } = await stripeOf(presence).transfers.list({ transfer_group: purchaseId })
  expect(transfers.map((one) => one.amount)).toEqual([1206])
  expect(await airtableRow(presence, 'Members', member.id)).toMatchObject({ 'Full Name': member.fullName })
  expect(await airtableRow(presence, 'Presence Operations', booking.id)).toMatchObject({
    'Booking Status': 'Completed', 'Payment Status': 'Completed', 'Payout Status': 'Paid', 'Payout ID': transfers[0]!.id, 'Host Joined': true,
    'Member Joined': true, 'Member Name': member.fullName,
  })
  expect(await brokenPromises(presence)).toEqual([])
})

/** A member with a session that is twenty hours away. */
async function booked(): Promise<{ member: Member; purchaseId: string; booking: Booking & { start: string } }> {
  const member = await newPersistentMember(presence, 'Lou Winter')
  const { purchaseId, bookingIds } = await buys(member, amelia)
  const booking = await schedules(member, amelia, bookingIds[0]!, 20 * 60)
  return { member, purchaseId, booking }
}

test('a session cancelled in the moment of a crash is cancelled, at Cal.com too, and said once', async () => {
  const { member, booking } = await survives('after-commit:cancelled', '', async () => {
    const all = await booked()
    await cancels(all.member, all.booking.id)
    return all
  })
  expect(await member.booking(booking.id)).toMatchObject({ state: 'pending', attempt: 1 })
  expect(await liveUids(booking.id)).toEqual([])
  expect((await smsKinds(presence, member.mobileNumber)).filter((kind) => kind === 'cancelled')).toHaveLength(1)
  expect(await brokenPromises(presence)).toEqual([])
})

test('a session moved in the moment of a crash has moved, at Cal.com too, and is there once', async () => {
  const { member, booking, moved } = await survives('after-commit:moved', '', async () => {
    const all = await booked()
    return { ...all, moved: await moves(all.member, amelia, all.booking, 26 * 60) }
  })
  expect(moved.start > booking.start).toBe(true)
  expect(await member.booking(booking.id)).toMatchObject({ state: 'created', attempt: 2, calendarStatus: 'confirmed' })
  expect(await liveUids(booking.id)).toEqual([moved.calBookingUrl!.split('/').at(-1)])
  expect((await smsKinds(presence, member.mobileNumber)).filter((kind) => kind === 'moved')).toHaveLength(1)
})

test('a refund promised in the moment of a crash is paid once', async () => {
  const { member, purchaseId, bookingId } = await survives('after-commit:refund', '', async () => {
    const member = await newPersistentMember(presence, 'Lou Winter')
    const { purchaseId, bookingIds } = await buys(member, amelia)
    await asksForRefund(member, bookingIds[0]!)
    return { member, purchaseId, bookingId: bookingIds[0]! }
  })
  expect((await member.booking(bookingId)).state).toBe('cancelled')
  const { data } = await stripeOf(presence).refunds.list({ limit: 100 })
  expect(data.filter((one) => one.metadata?.['booking_id'] === bookingId).map((one) => one.amount)).toEqual([1800])
  expect(await ledgerOf(presence.databaseUrl, purchaseId)).not.toHaveProperty('member_prepaid')
  expect(await brokenPromises(presence)).toEqual([])
})
