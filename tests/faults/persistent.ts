// People who do not give up: when the application dies during a request, they wait, look at the state, and go
// on.
// People who do not give up: when the application dies under a request, they wait for it, look how things
// stand, and go on.
import type { Me } from '../../server/journey/members/member-view.ts'
import { moveClock, payCheckout } from '../../world/outside.ts'
import { persistently } from '../../world/persistently.ts'
import { newMobileNumber, type World } from '../../world/person.ts'
import {
  becomes,
  becomesConfirmed,
  becomesPaid,
  freeStartIn,
  type Host,
  joins,
  Member,
  type StartedCheckout,
  startedCheckout,
} from '../people/actors.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { minuteMs } from '../../server/lib/time.ts'

export async function newPersistentMember(world: World, fullName: string): Promise<Member> {
  const member = new Member(world, newMobileNumber())
  await persistently(() => member.signIn())
  await persistently(() => member.ask('PATCH', '/api/me', { fullName, timeZone: 'Australia/Melbourne' }))
  await persistently(() => member.consent())
  const me = await persistently(() => member.ask<Me>('GET', '/api/me'))
  return Object.assign(member, { id: me.member!.id, fullName })
}

export async function buys(member: Member, host: Host): Promise<StartedCheckout & { bookingIds: string[] }> {
  const checkout = await persistently(() => startedCheckout(member, host))
  await payCheckout(member.world, checkout.checkoutId)
  const { bookingIds } = await persistently(() => becomesPaid(member, checkout.purchaseId))
  return { ...checkout, bookingIds }
}

export async function schedules(
  member: Member,
  host: Host,
  bookingId: string,
  minutes: number,
): Promise<Booking & { start: string; end: string }> {
  const start = await persistently(() => freeStartIn(minutes, member, host))
  await persistently(async () => {
    if ((await member.booking(bookingId)).start === null) await member.schedule(bookingId, host, start)
  })
  return persistently(() => becomesConfirmed(member, bookingId))
}

/** The whole of one session, from the room to its end. */
export async function meets(
  member: Member,
  host: Host,
  booking: { id: string; start: string; end: string },
): Promise<void> {
  const { world } = member
  const at = (moment: string, plusMs: number) =>
    moveClock(world, { to: new Date(Date.parse(moment) + plusMs).toISOString() })
  await at(booking.start, -15 * minuteMs + 1_000)
  await persistently(() => becomes(member, booking.id, 'open', (one) => one.roomStatus === 'active'))
  const stays = []
  for (const person of [member, host]) stays.push(await persistently(() => joins(person, booking.id)))
  await at(booking.start, 9 * minuteMs)
  for (const stay of stays) await stay.leave()
  await at(booking.end, 1_000)
  await persistently(() => becomes(member, booking.id, 'completed', (one) => one.state === 'completed'))
}

export async function cancels(member: Member, bookingId: string): Promise<void> {
  await persistently(async () => {
    if ((await member.booking(bookingId)).state === 'created')
      await member.ask('POST', `/api/bookings/${bookingId}/cancel`)
  })
}

export async function moves(
  member: Member,
  host: Host,
  booking: { id: string; start: string },
  minutes: number,
): Promise<Booking & { start: string; end: string }> {
  const start = await persistently(() => freeStartIn(minutes, member, host))
  await persistently(async () => {
    if ((await member.booking(booking.id)).start === booking.start)
      await member.ask('POST', `/api/bookings/${booking.id}/reschedule`, { start })
  })
  return persistently(() => becomesConfirmed(member, booking.id))
}

export async function asksForRefund(member: Member, bookingId: string): Promise<void> {
  await persistently(async () => {
    if ((await member.booking(bookingId)).state === 'pending')
      await member.ask('POST', `/api/bookings/${bookingId}/refund`)
  })
}
