// The people of a test and the situations they get into, over HTTP and the sandbox alone.
import type { Hours } from '../../server/journey/times/hours-view.ts'
import type { Me } from '../../server/journey/members/member-view.ts'
import type { HostDashboard } from '../../server/journey/payouts/host-dashboard-view.ts'
import type { Checkout, Purchase } from '../../server/journey/purchases/purchase-view.ts'
import type { PlanType } from '../../server/journey/plans/plan.ts'
import { clockNow, enterRoom, moveClock, onboardAccount, payCheckout, stripeOf } from '../../world/outside.ts'
import { newMobileNumber, Person, waitFor, type World } from '../../world/person.ts'
import { seedHosts } from '../../sandbox/seed/hosts.ts'
import { dayMs, minuteMs } from '../../server/lib/time.ts'
import type { Booking, Bookings } from '../../server/journey/bookings/booking-view.ts'
import type { JoinAnswer } from '../../server/journey/rooms/room-view.ts'
import type { Slots } from '../../server/journey/times/free-times-view.ts'

export type TimedBooking = Booking & { start: string; end: string }

export class Member extends Person {
  id = ''
  fullName = ''

  booking(bookingId: string): Promise<Booking> {
    return this.ask('GET', `/api/bookings/${bookingId}`)
  }

  bookings(): Promise<Bookings> {
    return this.ask('GET', '/api/bookings')
  }

  schedule(bookingId: string, host: { id: string }, start: string): Promise<Booking> {
    return this.ask('POST', '/functions/v1/calcom-create-booking', { bookingId, hostId: host.id, start })
  }
}

export class Host extends Person {
  id = ''
  fullName = ''
}

/** A new member who has signed in by phone, given their name and agreed to the terms. */
export async function signedInMember(
  world: World,
  fullName = 'Sam Rivers',
  timeZone = 'Australia/Melbourne',
): Promise<Member> {
  const member = new Member(world, newMobileNumber())
  await member.signIn()
  await member.ask('PATCH', '/api/me', { fullName, timeZone })
  await member.consent()
  const me = await member.ask<Me>('GET', '/api/me')
  return Object.assign(member, { id: me.member!.id, fullName })
}

/**
 * A host of the seed, signed in. Amelia Hart is booked at Cal.com at any hour; Ruby Tamihana by the built-in
 * calendar.
 */
export async function signedInHost(world: World, fullName = 'Ruby Tamihana'): Promise<Host> {
  const seed = seedHosts.find((one) => one.fullName === fullName)
  if (!seed) throw new Error(`the seed has no host called ${fullName}`)
  const host = new Host(world, seed.mobileNumber)
  await host.signIn()
  const me = await host.ask<Me>('GET', '/api/me')
  if (me.host) await host.consent()
  if (!seed.calUsername && me.host) await setFirstHours(host, seed.weekly)
  return Object.assign(host, { id: me.host?.id ?? '', fullName })
}

/** As a host does at the first sign-in; hours that are set already stay. */
async function setFirstHours(host: Person, weekly: Hours['weekly']): Promise<void> {
  const { calendar: _calendar, ...hours } = await host.ask<Hours>('GET', '/api/host/hours')
  if (hours.weekly.length > 0) return
  await host.ask('PUT', '/api/host/hours', { ...hours, weekly, bufferAfterMinutes: 0, maximumPerDay: null })
}

/** Ruby with hours around the clock, every five minutes, without notice: any round start is free. */
export async function alwaysFreeHost(world: World): Promise<Host> {
  const host = await signedInHost(world, 'Ruby Tamihana')
  await host.ask('PUT', '/api/host/hours', {
    timeZone: 'Pacific/Auckland',
    weekly: [{ days: [0, 1, 2, 3, 4, 5, 6], start: '00:00', end: '24:00' }],
    dateOverrides: [],
    minimumNoticeMinutes: 0,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    intervalMinutes: 5,
    horizonDays: 365,
    maximumPerDay: null,
  })
  return host
}

/** Operators are known by their number alone. */
export async function signedInOperator(presence: World & { operatorMobileNumber: string }): Promise<Person> {
  const operator = new Person(presence, presence.operatorMobileNumber)
  await operator.signIn()
  return operator
}

export type StartedCheckout = Checkout & { checkoutId: string }

export async function startedCheckout(
  member: Member,
  host: { id: string },
  plan: PlanType = 'Adhoc',
): Promise<StartedCheckout> {
  const { purchaseId, clientSecret } = await member.ask<Checkout>('POST', '/api/checkout', {
    plan,
    hostId: host.id,
  })
  // A client secret is the checkout's id, an underscore and the secret itself.
  return { purchaseId, clientSecret, checkoutId: clientSecret.split('_secret_')[0]! }
}

export type PaidPurchase = StartedCheckout & { bookingIds: string[]; validUntil: string }

/** Paid by card at Stripe, and known to be paid here. */
export async function paidPurchase(
  member: Member,
  host: { id: string },
  plan: PlanType = 'Adhoc',
): Promise<PaidPurchase> {
  const checkout = await startedCheckout(member, host, plan)
  await payCheckout(member.world, checkout.checkoutId)
  return { ...checkout, ...(await becomesPaid(member, checkout.purchaseId)) }
}

export async function becomesPaid(
  member: Member,
  purchaseId: string,
): Promise<{ bookingIds: string[]; validUntil: string }> {
  return waitFor('the paid purchase', async () => {
    const purchase = await member.ask<Purchase>('GET', `/api/purchases/${purchaseId}`)
    const { status, bookingIds, validUntil } = purchase
    return status === 'paid' && validUntil !== null && { bookingIds, validUntil }
  })
}

/** The first whole ten minutes of a clock that are at least `minutes` away. */
export async function startIn(world: World, minutes: number): Promise<string> {
  const step = 10 * minuteMs
  const earliest = (await clockNow(world)).getTime() + minutes * minuteMs
  return new Date(Math.ceil(earliest / step) * step).toISOString()
}

/** The host's first free start that is at least `minutes` away. */
export async function freeStartIn(minutes: number, member: Member, host: { id: string }): Promise<string> {
  const from = new Date(await startIn(member.world, minutes))
  const to = new Date(from.getTime() + dayMs)
  const { slots } = await member.ask<Slots>(
    'GET',
    `/api/hosts/${host.id}/slots?from=${from.toISOString()}&to=${to.toISOString()}`,
  )
  if (!slots[0]) throw new Error('the host has no free time on that day')
  return slots[0].start
}

/** A paid session with a confirmed time: the host's first free one that is at least `minutes` away. */
export async function bookingStartingIn(
  minutes: number,
  member: Member,
  host: Host,
  bookingId?: string,
): Promise<TimedBooking> {
  const id = bookingId ?? (await paidPurchase(member, host)).bookingIds[0]!
  await member.schedule(id, host, await freeStartIn(minutes, member, host))
  return becomesConfirmed(member, id)
}

export async function becomesConfirmed(member: Member, bookingId: string): Promise<TimedBooking> {
  return waitFor('the confirmed time', async () => {
    const booking = await member.booking(bookingId)
    const { calendarStatus, start, end } = booking
    return calendarStatus === 'confirmed' && start !== null && end !== null
      ? { ...booking, start, end }
      : undefined
  })
}

export async function becomes(
  member: Member,
  bookingId: string,
  what: string,
  isSo: (booking: Booking) => boolean,
): Promise<Booking> {
  return waitFor(`the session that is ${what}`, async () => {
    const booking = await member.booking(bookingId)
    return isSo(booking) && booking
  })
}

const roomOpensMs = 15 * minuteMs

export function moveTo(world: World, moment: string, plusMs = 0): Promise<Date> {
  return moveClock(world, { to: new Date(new Date(moment).getTime() + plusMs).toISOString() })
}

/** Moves the clock to the opening of the room, and waits for the room. */
export async function openRoom(member: Member, booking: { id: string; start: string }): Promise<void> {
  await moveTo(member.world, booking.start, -roomOpensMs + 1_000)
  await becomes(member, booking.id, 'open', (one) => one.roomStatus === 'active')
}

/** A paid session of a new member with this host, just after its room has opened. */
export async function openSession(host: Host): Promise<{ member: Member; booking: TimedBooking }> {
  const member = await signedInMember(host.world)
  const booking = await bookingStartingIn(60, member, host)
  await openRoom(member, booking)
  return { member, booking }
}

export async function joins(person: Person, bookingId: string): Promise<{ leave: () => Promise<void> }> {
  const { url } = await person.ask<JoinAnswer>('POST', `/api/bookings/${bookingId}/join`)
  return enterRoom(person.world, url!)
}

/** From the opening of the room to its end: each of `inside` joins, stays nine minutes and leaves. */
export async function sessionTakesPlace(
  member: Member,
  booking: { id: string; start: string; end: string },
  inside: Person[],
): Promise<void> {
  await openRoom(member, booking)
  const stays = []
  for (const person of inside) stays.push(await joins(person, booking.id))
  await moveTo(member.world, booking.start, 9 * minuteMs)
  for (const stay of stays) await stay.leave()
  await moveTo(member.world, booking.end, 1_000)
}

/** The host fills in Stripe's form, and can be paid. */
export async function onboardedHost(host: Host): Promise<{ accountId: string }> {
  await host.ask('POST', '/api/host/onboarding')
  const { data } = await stripeOf(host.world).accounts.list({ limit: 100 })
  const account = data.find((one) => one.metadata?.['presence_host_id'] === host.id)
  if (!account) throw new Error('Stripe has no account of this host')
  await onboardAccount(host.world, account.id)
  await waitFor('the host who can be paid', async () => {
    const { onboarding } = await host.ask<HostDashboard>('GET', '/api/host')
    return onboarding.canBePaid
  })
  return { accountId: account.id }
}
