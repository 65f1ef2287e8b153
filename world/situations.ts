// The first people of a fresh Presence: one member per step of the journey, so that every
// screen can be opened at once. They act over HTTP, payments and sessions included;
// nothing is written to the database directly.
import type { HostDashboard } from '../server/journey/payouts/host-dashboard-view.ts'
import { book, buy, connectCalcom, hostNamed, meet, memberNamed, onboard, setHours } from './acts.ts'
import { clockNow, moveClock } from './outside.ts'
import { Person, waitFor, type World } from './person.ts'
import type { Booking, Bookings } from '../server/journey/bookings/booking-view.ts'
import type { Me } from '../server/journey/members/member-view.ts'
import type { Slots } from '../server/journey/times/free-times-view.ts'
import { addDays, dayMs } from '../server/lib/time.ts'

export const situations = [
  {
    fullName: 'Robin Member',
    mobileNumber: '+61491579212',
    situation: 'met Amelia, has a session tomorrow and one to use',
  },
  {
    fullName: 'Jonas Weber',
    mobileNumber: '+61491579304',
    situation: 'can join Kenji now: the room is open',
  },
  { fullName: 'Theo Martin', mobileNumber: '+61491579302', situation: 'has paid and not chosen a time' },
  { fullName: 'Noor Aziz', mobileNumber: '+61491579301', situation: 'is new here' },
  {
    fullName: 'Elena Petrova',
    mobileNumber: '+61491579305',
    situation: 'was in a session nobody saw: it waits for the operator',
  },
] as const

const amelia = { fullName: 'Amelia Hart', mobileNumber: '+61491570006' }
const kenji = { fullName: 'Kenji Watanabe', mobileNumber: '+61491570156' }

/** Plays them all: the past with the clock two days back, the rest in real time. */
export async function playSituations(world: World): Promise<void> {
  const [robin, jonas, theo, noor, elena] = situations
  await moveClock(world, { offsetMs: -2 * dayMs })
  const host = new Person(world, amelia.mobileNumber)
  await host.signIn()
  await host.consent()
  await onboard(host)
  await setHours(world)
  await connectCalcom(world)
  const member = await memberNamed(world, robin.fullName, robin.mobileNumber)
  const { unused, upcoming, past } = await member.ask<Bookings>('GET', '/api/bookings')
  if (unused.length + upcoming.length + past.length > 0) return backToRealTime(world) // an earlier start was interrupted after this point
  const ameliaId = await hostNamed(member, amelia.fullName)
  const pack = await buy(member, 'Weekly', ameliaId)
  const missed = await memberNamed(world, elena.fullName, elena.mobileNumber, 'Europe/Helsinki')
  const kenjiId = await hostNamed(missed, kenji.fullName)
  for (const hostId of [ameliaId, kenjiId]) await waitForSlots(member, hostId)
  const unseen = await buy(missed, 'Adhoc', kenjiId)
  await book(missed, unseen.bookingIds[0]!, kenjiId, 20)
  const start = await book(member, pack.bookingIds[0]!, ameliaId, 30)
  await meet(member, host, pack.bookingIds[0]!, start)
  const { members } = await host.ask<HostDashboard>('GET', '/api/host')
  const { member: robinRow } = await member.ask<Me>('GET', '/api/me')
  const met = members.find((one) => one.id === robinRow!.id)
  if (!met) throw new Error('Amelia has not met Robin')
  await host.ask('POST', `/api/host/members/${met.id}/like`)

  await backToRealTime(world)
  await book(member, pack.bookingIds[1]!, ameliaId, 24 * 60)
  await memberNamed(world, noor.fullName, noor.mobileNumber)
  const undecided = await memberNamed(world, theo.fullName, theo.mobileNumber, 'Australia/Perth')
  await buy(undecided, 'Adhoc', ameliaId)
  const early = await memberNamed(world, jonas.fullName, jonas.mobileNumber, 'Europe/Berlin')
  const soon = await buy(early, 'Adhoc', kenjiId)
  await book(early, soon.bookingIds[0]!, kenjiId, 3)
  await waitFor(
    'the open room',
    async () =>
      (await early.ask<Booking>('GET', `/api/bookings/${soon.bookingIds[0]}`)).roomStatus === 'active',
  )
}

/** Waits for the slots of two days ago: those read before the clock went back begin two days later. */
async function waitForSlots(member: Person, hostId: string): Promise<void> {
  await waitFor('the free times of two days ago', async () => {
    const from = await clockNow(member.world)
    const to = addDays(from, 1)
    const { slots } = await member.ask<Slots>(
      'GET',
      `/api/hosts/${hostId}/slots?from=${from.toISOString()}&to=${to.toISOString()}`,
    )
    return slots.length > 0
  })
}

async function backToRealTime(world: World): Promise<void> {
  await moveClock(world, { offsetMs: 0 })
}
