// Cal.com's answers that come late, never, or from the host in person.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Operations } from '../../server/journey/operations/operations-view.ts'
import { editRow, moveClock, rowsOf } from '../../world/outside.ts'
import { waitFor } from '../../world/person.ts'
import { minuteMs } from '../../server/lib/time.ts'
import {
  alwaysFreeHost,
  becomes,
  becomesConfirmed,
  bookingStartingIn,
  freeStartIn,
  type Host,
  type Member,
  moveTo,
  openRoom,
  paidPurchase,
  signedInHost,
  signedInMember,
  signedInOperator,
} from '../people/actors.ts'
import { query, untilIdle, smsArrives, smsKinds } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { acceptedAtCalcom, allAtCalcom, askCalcom, uidOf, wantsToAccept } from './calcom.ts'
import { clearFaults, injectFault } from './sandbox.ts'

let presence: Presence
let amelia: Host
let ruby: Host

beforeAll(async () => {
  presence = await startPresence()
  amelia = await signedInHost(presence, 'Amelia Hart')
  ruby = await alwaysFreeHost(presence)
})

afterAll(() => presence?.stop())
afterEach(() => clearFaults(presence))

const injectCalcomFault = (
  operation: string,
  kind: Parameters<typeof injectFault>[1]['kind'],
  more: object = {},
) => injectFault(presence, { provider: 'calcom', operation, kind, ...more })
const passes = (seconds: number) => moveClock(presence, { advanceMs: seconds * 1000 })

/** An hour of its own for each booking. */
let hours = 24
const nextHour = () => (hours += 1) * 60

async function chosen(member: Member, host: Host = amelia): Promise<{ id: string; start: string }> {
  const { bookingIds } = await paidPurchase(member, host)
  return { id: bookingIds[0]!, start: await freeStartIn(nextHour(), member, host) }
}

test('a silent Cal.com gives the time back within a minute, and its stray booking is removed', async () => {
  const member = await signedInMember(presence)
  const { id, start } = await chosen(member)
  await injectCalcomFault('bookings.create', 'error_after', { times: 1 })
  for (const operation of ['bookings.create', 'bookings.list']) await injectCalcomFault(operation, 'outage')
  await member.schedule(id, amelia, start)
  expect(await member.booking(id)).toMatchObject({
    state: 'created',
    calendarStatus: 'confirming',
    canJoin: false,
  })
  expect(await acceptedAtCalcom(presence, id), 'it was made although nobody heard of it').toHaveLength(1)
  await passes(30)
  await becomes(member, id, 'given back', (one) => one.state === 'pending')
  await smsArrives(presence, member.mobileNumber, 'is cancelled')
  await clearFaults(presence)
  expect(await acceptedAtCalcom(presence, id)).toHaveLength(1)
  await passes(20)
  await waitFor(
    'the stray booking to be cancelled',
    async () => (await acceptedAtCalcom(presence, id)).length === 0,
  )
  expect(await allAtCalcom(presence, id)).toHaveLength(1)
})

test('a booking without answer or webhook is found by looking, confirmed and announced once', async () => {
  const member = await signedInMember(presence)
  const { id, start } = await chosen(member)
  await injectCalcomFault('bookings.create', 'timeout_after', { times: 1 })
  await injectCalcomFault('BOOKING_CREATED', 'drop')
  await member.schedule(id, amelia, start)
  await passes(11)
  const booking = await becomesConfirmed(member, id)
  await untilIdle(presence)
  expect((await allAtCalcom(presence, id)).map(({ uid }) => uid)).toEqual([await uidOf(presence, booking)])
  expect(await smsKinds(presence, member.mobileNumber)).toEqual(['welcome', 'paid', 'booked'])
})

test('a booking that the host must accept is confirmed when accepted, else given back', async () => {
  await wantsToAccept(presence, 'amelia-hart', '10min', true)
  try {
    const member = await signedInMember(presence)
    const requested = async () => {
      const { id, start } = await chosen(member)
      expect(await member.schedule(id, amelia, start)).toMatchObject({
        state: 'created',
        calendarStatus: 'confirming',
        canJoin: false,
      })
      return { id, uid: await uidOf(presence, await member.booking(id)) }
    }
    const accepted = await requested()
    await askCalcom(presence, 'POST', `/v2/bookings/${accepted.uid}/confirm`, {})
    await becomesConfirmed(member, accepted.id)
    const declined = await requested()
    await askCalcom(presence, 'POST', `/v2/bookings/${declined.uid}/decline`, { reason: 'On holiday' })
    await becomes(member, declined.id, 'given back', (one) => one.state === 'pending')
    const ignored = await requested()
    await moveClock(presence, { advanceMs: 12 * 60 * minuteMs + minuteMs })
    await becomes(member, ignored.id, 'given back', (one) => one.state === 'pending')
    await untilIdle(presence)
    expect((await allAtCalcom(presence, ignored.id)).map(({ status }) => status)).toEqual(['cancelled'])
    const kinds = await smsKinds(presence, member.mobileNumber)
    expect(kinds.filter((kind) => kind === 'booked')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'cancelled')).toHaveLength(2)
  } finally {
    await wantsToAccept(presence, 'amelia-hart', '10min', false)
  }
})

test('a start is reserved at Cal.com too until it is booked, and one reserved there is refused', async () => {
  const member = await signedInMember(presence)
  const { id, start } = await chosen(member)
  const offers = async () => {
    const end = new Date(Date.parse(start) + 10 * minuteMs).toISOString()
    const days = await askCalcom<Record<string, { start: string }[]>>(
      presence,
      'GET',
      `/v2/slots?username=amelia-hart&eventTypeSlug=10min&start=${start}&end=${end}`,
    )
    return Object.values(days)
      .flat()
      .some((slot) => Date.parse(slot.start) === Date.parse(start))
  }
  const reservation = async () =>
    (
      await query<{ uid: string }>(
        presence.databaseUrl,
        'select cal_reservation_uid as uid from slot_reservations where booking_id = $1',
        [id],
      )
    )[0]?.uid
  expect(await offers()).toBe(true)
  await member.ask('POST', `/api/bookings/${id}/reserve`, { hostId: amelia.id, start })
  expect(await offers()).toBe(false)
  const uid = await reservation()
  expect(uid).toBeTruthy()
  await member.schedule(id, amelia, start)
  await becomesConfirmed(member, id)
  await untilIdle(presence)
  expect(await reservation()).toBeUndefined()
  expect(await askCalcom(presence, 'GET', `/v2/slots/reservations/${uid}`)).toBeNull()

  const [type] = await askCalcom<{ id: number }[]>(
    presence,
    'GET',
    '/v2/event-types?username=amelia-hart&eventSlug=10min',
  )
  const other = await signedInMember(presence)
  const late = await chosen(other)
  await askCalcom(presence, 'POST', '/v2/slots/reservations', {
    eventTypeId: type!.id,
    slotStart: late.start,
  })
  await expect(
    other.ask('POST', `/api/bookings/${late.id}/reserve`, { hostId: amelia.id, start: late.start }),
  ).rejects.toMatchObject({ status: 409, code: expect.stringMatching(/^time_/) })
  expect(
    await query(presence.databaseUrl, 'select 1 from slot_reservations where booking_id = $1', [late.id]),
  ).toEqual([])
})

test('the end of a meeting in Cal.com settles the session, or asks an operator who came', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(nextHour(), member, amelia)
  await openRoom(member, booking)
  // Neither the planned job nor reconciling settles it: only Cal.com reports the end.
  await query(
    presence.databaseUrl,
    "delete from pgboss.job where name = 'settle-session' and data ->> 'bookingId' = $1",
    [booking.id],
  )
  await moveTo(presence, booking.end, 1_000)
  await becomes(member, booking.id, 'in doubt', (one) => one.outcome === 'unknown')
  const operator = await signedInOperator(presence)
  const tasks = async () => {
    const all = await operator.ask<Operations>('GET', '/api/ops')
    return all.tasks.filter((task) => task.bookingId === booking.id).map(({ sentence }) => sentence)
  }
  expect(await tasks()).toHaveLength(1)
  const { attendees } = await askCalcom<{ attendees: { email: string }[] }>(
    presence,
    'GET',
    `/v2/bookings/${await uidOf(presence, booking)}`,
  )
  await askCalcom(presence, 'POST', `/v2/bookings/${await uidOf(presence, booking)}/mark-absent`, {
    attendees: [{ email: attendees[0]!.email, absent: true }],
  })
  await waitFor('the word of the host', async () =>
    (await tasks()).some((sentence) => sentence.includes('has changed in Cal.com')),
  )
  expect(await member.booking(booking.id)).toMatchObject({ state: 'created', outcome: 'unknown' })
})

test('the sessions of a suspended host are given back with the offer of a refund', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(nextHour(), member, ruby)
  const row = (await rowsOf(presence, 'Hosts')).find(({ fields }) => fields['Full Name'] === 'Ruby Tamihana')
  await editRow(presence, 'Hosts', row!.id, { Status: 'Suspended' })
  await waitFor(
    'the suspended host',
    async () =>
      (
        await query(presence.databaseUrl, "select 1 from hosts where id = $1 and status = 'Suspended'", [
          ruby.id,
        ])
      ).length === 1,
  )
  await passes(1)
  expect(await becomes(member, booking.id, 'given back', (one) => one.state === 'pending')).toMatchObject({
    refundable: true,
    isRefundOffered: true,
  })
  await smsArrives(presence, member.mobileNumber, 'is cancelled')
  expect(
    (await member.fetch(`/api/hosts/${ruby.id}/slots?from=${booking.start}&to=${booking.end}`)).status,
  ).toBe(409)
})
