// What people do, one function each: buy, choose a time, meet. The journey, the seed and the tests use them.
import type { PlanType } from '../server/journey/plans/plan.ts'
import type { Checkout, Purchase } from '../server/journey/purchases/purchase-view.ts'
import type { HostDashboard } from '../server/journey/payouts/host-dashboard-view.ts'
import { clockNow, enterRoom, moveClock, onboardAccount, payCheckout, stripeOf } from './outside.ts'
import { Person, waitFor, type World } from './person.ts'
import type { Booking } from '../server/journey/bookings/booking-view.ts'
import type { HostPage } from '../server/journey/hosts/host-view.ts'
import type { JoinAnswer } from '../server/journey/rooms/room-view.ts'
import type { Slots } from '../server/journey/times/free-times-view.ts'
import type { Hours } from '../server/journey/times/hours-view.ts'
import { addDays, addMinutes, minuteMs } from '../server/lib/time.ts'

export type Paid = { purchaseId: string; bookingIds: string[] }

/** A member who is signed in and has given their name. */
export async function memberNamed(
  world: World,
  fullName: string,
  mobileNumber: string,
  timeZone = 'Australia/Sydney',
): Promise<Person> {
  const member = new Person(world, mobileNumber)
  await member.signIn()
  await member.ask('PATCH', '/api/me', { fullName, timeZone })
  await member.consent()
  return member
}

export async function hostNamed(member: Person, fullName: string): Promise<string> {
  const { hosts } = await member.ask<HostPage>(
    'GET',
    `/api/hosts?limit=100&q=${encodeURIComponent(fullName)}`,
  )
  const host = hosts.find((one) => one.fullName === fullName)
  if (!host) throw new Error(`there is no host ${fullName}`)
  return host.id
}

/** Ruby has no Cal.com: at her first sign-in she agrees to the pledge, and says when she is free. */
export async function setHours(world: World): Promise<void> {
  const ruby = new Person(world, '+61491571804')
  await ruby.signIn()
  await ruby.consent()
  const { calendar: _calendar, ...hours } = await ruby.ask<Hours>('GET', '/api/host/hours')
  const weekly = [{ days: [0, 1, 2, 3, 4, 5, 6], start: '07:00', end: '21:00' }]
  await ruby.ask('PUT', '/api/host/hours', { ...hours, weekly })
}

/** Noah's Cal.com is his own, which no key of the platform reaches: he connects it with a key of his. */
export async function connectCalcom(world: World): Promise<void> {
  const noah = new Person(world, '+61491570110')
  await noah.signIn()
  await noah.consent()
  const answer = await fetch(`${world.sandboxUrl}/_sandbox/calcom/users/noah-bennett/key`)
  const { key } = (await answer.json()) as { key: string }
  await noah.ask('PUT', '/api/host/calcom', { apiKey: key })
}

export async function buy(member: Person, plan: PlanType, hostId: string): Promise<Paid> {
  const { purchaseId } = await member.ask<Checkout>('POST', '/api/checkout', { plan, hostId })
  const { data } = await stripeOf(member.world).checkout.sessions.list({ limit: 100 })
  const checkout = data.find((one) => one.client_reference_id === purchaseId)
  if (!checkout) throw new Error('Stripe knows no checkout of this purchase')
  await payCheckout(member.world, checkout.id)
  return waitFor('the paid purchase', async () => {
    const { status, bookingIds } = await member.ask<Purchase>('GET', `/api/purchases/${purchaseId}`)
    return status === 'paid' && { purchaseId, bookingIds }
  })
}

/**
 * Books the host's first free start at least `minutesAhead` from now; waits until the calendar confirms it.
 */
export async function book(
  member: Person,
  bookingId: string,
  hostId: string,
  minutesAhead: number,
): Promise<Date> {
  const from = addMinutes(await clockNow(member.world), minutesAhead)
  const to = addDays(from, 2)
  const { slots } = await member.ask<Slots>(
    'GET',
    `/api/hosts/${hostId}/slots?from=${from.toISOString()}&to=${to.toISOString()}`,
  )
  if (!slots[0]) throw new Error('this host has no free time in the next two days')
  await member.ask('POST', '/functions/v1/calcom-create-booking', {
    bookingId,
    hostId,
    start: slots[0].start,
  })
  await waitFor('the confirmed time', async () => {
    const { calendarStatus } = await member.ask<Booking>('GET', `/api/bookings/${bookingId}`)
    return calendarStatus === 'confirmed'
  })
  return new Date(slots[0].start)
}

/** Completes a host's Connect onboarding, unless it is complete. */
export async function onboard(hostPerson: Person): Promise<void> {
  const { host, onboarding } = await hostPerson.ask<HostDashboard>('GET', '/api/host')
  if (onboarding.canBePaid) return
  await hostPerson.ask('POST', '/api/host/onboarding')
  const { data } = await stripeOf(hostPerson.world).accounts.list({ limit: 100 })
  const account = data.find((one) => one.metadata?.['presence_host_id'] === host.id)
  if (!account) throw new Error('Stripe has no account of the host')
  await onboardAccount(hostPerson.world, account.id)
  await waitFor(
    'the host who can be paid',
    async () => (await hostPerson.ask<HostDashboard>('GET', '/api/host')).onboarding.canBePaid,
  )
}

/** Both enter the room and leave it; the clock stops just after the session, which is settled by then. */
export async function meet(
  member: Person,
  hostPerson: Person,
  bookingId: string,
  start: Date,
): Promise<void> {
  const { world } = member
  await moveClock(world, { to: addMinutes(start, -1).toISOString() })
  const enter = async (person: Person) =>
    enterRoom(world, (await person.ask<JoinAnswer>('POST', `/api/bookings/${bookingId}/join`)).url!)
  const rooms = [await enter(hostPerson), await enter(member)]
  await moveClock(world, { to: addMinutes(start, 9).toISOString() })
  for (const room of rooms) await room.leave()
  await moveClock(world, { to: new Date(start.getTime() + 10 * minuteMs + 1_000).toISOString() })
  await waitFor(
    'the settled session',
    async () => (await member.ask<Booking>('GET', `/api/bookings/${bookingId}`)).state === 'completed',
  )
}
