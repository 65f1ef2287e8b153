// Rooms of our own, without any account: attendance comes from our own clock, and nobody else gets in.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reservePort } from '../harness/run.ts'
import { startChild } from '../../dev/child.ts'
import { Person } from '../../world/person.ts'
import {
  alwaysFreeHost,
  becomes,
  type Host,
  moveTo,
  openSession,
  signedInMember,
  type TimedBooking,
} from '../people/actors.ts'
import { airtableRow, violations, query, untilIdle, smsKinds } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { minuteMs } from '../../server/lib/time.ts'
import type { JoinAnswer } from '../../server/journey/rooms/room-view.ts'
import type { VisitAnswer } from '../../server/journey/rooms/visit-view.ts'

let presence: Presence
let ruby: Host

beforeAll(async () => {
  presence = await startPresence({ env: { VIDEO: 'builtin', DAILY_API_KEY: '', DAILY_WEBHOOK_SECRET: '' } })
  ruby = await alwaysFreeHost(presence)
})
afterAll(() => presence?.stop())

/** One browser in the room. */
async function enters(person: Person, bookingId: string) {
  const { url, visit } = await person.ask<JoinAnswer>('POST', `/api/bookings/${bookingId}/join`)
  const path = `/api/bookings/${bookingId}/visits/${visit!.id}`
  return {
    url,
    id: visit!.id,
    looks: (after = 0) => person.ask<VisitAnswer>('POST', path, { after }),
    tells: (to: string, ...numbers: number[]) =>
      person.ask('POST', `${path}/signals`, {
        to,
        signals: numbers.map((number) => ({ number, body: { number } })),
      }),
    leaves: () => person.ask<VisitAnswer>('POST', path, { after: 0, isLeaving: true }),
  }
}

/** Nothing was heard from this browser for too long. */
const silence = (visitId: string) =>
  query(presence.databaseUrl, "update visits set there_until = '2000-01-01' where id = $1", [visitId])

const staysOf = async ({ id, start }: TimedBooking) => {
  const rows = await query<{ role: string; joined_at: Date; left_at: Date | null }>(
    presence.databaseUrl,
    'select role, joined_at, left_at from attendance where booking_id = $1 order by role, joined_at',
    [id],
  )
  const minutes = (moment: Date | null) =>
    moment && Math.round((moment.getTime() - Date.parse(start)) / minuteMs)
  return rows.map((row) => [row.role, minutes(row.joined_at), minutes(row.left_at)])
}

test('a session takes place in our own room without any account, with attendance to the minute', async () => {
  const { member, booking } = await openSession(ruby)
  await moveTo(presence, booking.start, -minuteMs)
  const [one, two] = [await enters(member, booking.id), await enters(ruby, booking.id)]
  expect(one.url, 'the page itself is the room').toBe(null)
  expect(await one.looks()).toMatchObject({
    state: 'in',
    other: { visitId: two.id, state: 'in', cameFirst: false },
  })
  expect((await two.looks()).other).toMatchObject({ visitId: one.id, cameFirst: true })
  await moveTo(presence, booking.start, 4 * minuteMs)
  await one.leaves()
  expect((await two.looks()).other).toMatchObject({ state: 'left' })
  const again = await enters(member, booking.id)
  await moveTo(presence, booking.start, 9 * minuteMs)
  await again.looks()
  await again.leaves()
  await two.leaves()
  await moveTo(presence, booking.end, 1_000)
  await becomes(member, booking.id, 'held', (session) => session.outcome === 'held')
  await untilIdle(presence)
  expect(await staysOf(booking)).toEqual([
    ['host', -1, 9],
    ['member', -1, 4],
    ['member', 4, 9],
  ])
  expect(await airtableRow(presence, 'Presence Operations', booking.id)).toMatchObject({
    'Host Joined': true,
    'Member Joined': true,
    'Video Room URL': `${presence.url}/video-session?booking=${booking.id}`,
  })
  expect((await smsKinds(presence, member.mobileNumber)).filter((kind) => kind === 'thanks')).toHaveLength(1)
  expect(await violations(presence)).toEqual([])
})

test('a person whose line breaks has left when last heard of, and is back when heard again', async () => {
  const { member, booking } = await openSession(ruby)
  await moveTo(presence, booking.start, 0)
  const [one, two] = [await enters(member, booking.id), await enters(ruby, booking.id)]
  await moveTo(presence, booking.start, 3 * minuteMs)
  await one.looks()
  await silence(one.id)
  await moveTo(presence, booking.start, 5 * minuteMs)
  expect((await two.looks()).other).toMatchObject({ state: 'lost' })
  expect(await staysOf(booking)).toEqual([
    ['host', 0, null],
    ['member', 0, 3],
  ])
  expect(await one.looks()).toMatchObject({ state: 'in', other: { state: 'in' } })
  expect((await two.looks()).other).toMatchObject({ visitId: one.id, state: 'in' })
  // Both browsers are gone for good; nobody is left to report it.
  await moveTo(presence, booking.start, 6 * minuteMs)
  await Promise.all([one.looks(), two.looks()])
  for (const visit of [one, two]) await silence(visit!.id)
  await moveTo(presence, booking.end, 1_000)
  await becomes(member, booking.id, 'held', (session) => session.outcome === 'held')
  expect(await staysOf(booking)).toEqual([
    ['host', 0, 6],
    ['member', 0, 3],
    ['member', 5, 6],
  ])
})

test('a third person cannot enter by any address or visit, and nobody is there twice', async () => {
  const { member, booking } = await openSession(ruby)
  const [first, host] = [await enters(member, booking.id), await enters(ruby, booking.id)]
  const stranger = await signedInMember(presence, 'Kim Other')
  await expect(stranger.ask('POST', `/api/bookings/${booking.id}/join`)).rejects.toMatchObject({
    status: 404,
  })
  for (const [person, visitId] of [
    [stranger, first.id],
    [ruby, first.id],
    [member, host.id],
  ] as const) {
    const path = `/api/bookings/${booking.id}/visits/${visitId}`
    await expect(person.ask('POST', path, { after: 0 })).rejects.toMatchObject({ status: 404 })
    await expect(
      person.ask('POST', `${path}/signals`, { to: host.id, signals: [{ number: 1, body: {} }] }),
    ).rejects.toMatchObject({ status: 404 })
  }
  await expect(first.tells(first.id, 1), 'to oneself').rejects.toMatchObject({ status: 404 })

  const second = await enters(member, booking.id)
  expect((await first.looks()).state).toBe('replaced')
  expect((await host.looks()).other).toMatchObject({ visitId: second.id, state: 'in' })
  await first.leaves()
  expect((await second.looks()).state, 'the first leaving puts nobody out').toBe('in')
  const racing = await Promise.all(Array.from({ length: 4 }, () => enters(member, booking.id)))
  const states = await Promise.all(racing.map((visit) => visit.looks()))
  expect(states.filter(({ state }) => state === 'in')).toHaveLength(1)
})

test('cancelling a session puts both people out of its room', async () => {
  const { member, booking } = await openSession(ruby)
  const [one, two] = [await enters(member, booking.id), await enters(ruby, booking.id)]
  await ruby.ask('POST', `/api/host/bookings/${booking.id}/cancel`)
  await untilIdle(presence)
  expect([(await one.looks()).state, (await two.looks()).state]).toEqual(['closed', 'closed'])
  await expect(enters(member, booking.id)).rejects.toMatchObject({ status: 409 })
})

test('signals of two browsers pass between any processes once, in order, and are then deleted', async () => {
  const { member, booking } = await openSession(ruby)
  const port = await reservePort()
  const other = startChild({
    program: 'server/main.ts',
    env: { ...presence.env, PORT: String(port), ROLE: 'web' },
  })
  try {
    await other.ready
    const elsewhere = new Person({ ...presence, url: `http://localhost:${port}` }, ruby.mobileNumber)
    for (const [name, value] of ruby.cookies) elsewhere.cookies.set(name, value)
    const [one, two] = [await enters(member, booking.id), await enters(elsewhere, booking.id)]
    const heard = await elsewhere.listen()
    await one.tells(two.id, 1, 2)
    await one.tells(two.id, 1, 2, 3) // its first answer was lost
    await expect.poll(() => heard.topics).toContain('signals')
    heard.stop()
    const { signals } = await two.looks()
    expect(signals.map((signal) => [signal.from, signal.number, signal.body])).toEqual(
      [1, 2, 3].map((number) => [one.id, number, { number }]),
    )
    expect((await two.looks(signals[1]!.id)).signals.map(({ body }) => body)).toEqual([{ number: 3 }])
    const [{ keptFor } = { keptFor: 0 }] = await query<{ keptFor: number }>(
      presence.databaseUrl,
      'select extract(epoch from expires_at - now())::int as "keptFor" from signals where to_visit = $1',
      [two.id],
    )
    expect(keptFor, 'on real time: a clock that is moved loses nothing of it').toBeLessThanOrEqual(300)
    await two.looks(signals[2]!.id)
    expect(await query(presence.databaseUrl, 'select 1 from signals where to_visit = $1', [two.id])).toEqual(
      [],
    )
    expect((await one.looks()).signals, 'nobody hears themselves').toEqual([])
  } finally {
    await other.stop()
  }
})
