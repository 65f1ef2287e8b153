import { afterAll, beforeAll, expect, test } from 'vitest'
import { hourMs, minuteMs } from '../../server/lib/time.ts'
import {
  alwaysFreeHost,
  becomes,
  becomesConfirmed,
  bookingStartingIn,
  type Host,
  moveTo,
  paidPurchase,
  signedInHost,
  signedInMember,
  startIn,
} from '../people/actors.ts'
import { untilIdle, smsArrives, smsKinds, smsOf } from '../people/evidence.ts'
import { waitFor } from '../../world/person.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import type { Managed } from '../../server/journey/bookings/booking-view.ts'
import type { Feed } from '../../server/journey/bookings/feed-view.ts'
import type { ReservedTime, Slots } from '../../server/journey/times/free-times-view.ts'
import type { Hours } from '../../server/journey/times/hours-view.ts'

let presence: Presence
let ruby: Host
let amelia: Host

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  amelia = await signedInHost(presence, 'Amelia Hart')
})

afterAll(() => presence?.stop())

type Answer = { code?: string } & Partial<Managed & Slots>

/** As somebody who has only the SMS: no cookie. */
async function visit(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; text: string; json: Answer }> {
  const response = await fetch(`${presence.url}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : {} }
}

/** The link that came by SMS for this very session. */
function linkOf(mobileNumber: string, booking: { id: string }): Promise<string> {
  return waitFor('the link', async () => {
    const tokens = (await smsOf(presence, mobileNumber))
      .flatMap(({ body }) => /\/manage\/([\w-]+)/.exec(body)?.[1] ?? [])
      .reverse()
    for (const token of tokens)
      if ((await visit('GET', `/api/manage/${token}`)).json.booking?.id === booking.id) return token
    return undefined
  })
}

const line = (file: string, name: string) => new RegExp(`^${name}[:;](.*)$`, 'm').exec(file)?.[1]?.trim()

test('the link of an SMS moves and cancels a session without signing in, and so does its file', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(30 * 60, member, ruby)
  const token = await linkOf(member.mobileNumber, booking)
  const seen = await visit('GET', `/api/manage/${token}`)
  expect(seen.json).toMatchObject({
    role: 'member',
    booking: { id: booking.id, start: booking.start, canChangeForFree: true, receiptUrl: null },
  })
  const first = await visit('GET', `/api/manage/${token}/calendar.ics`)
  expect(line(first.text, 'METHOD')).toBe('PUBLISH')

  const later = await startIn(presence, 40 * 60)
  const { json: free } = await visit(
    'GET',
    `/api/manage/${token}/slots?from=${booking.start}&to=${new Date(Date.parse(later) + hourMs).toISOString()}`,
  )
  expect(free.slots).toContainEqual({ start: later })
  const moved = await visit('POST', `/api/manage/${token}/reschedule`, { start: later })
  expect(moved.json.booking).toMatchObject({ start: later, attempt: 2, calendarStatus: 'confirmed' })
  const second = await visit('GET', `/api/manage/${token}/calendar.ics`)
  // A session cancelled before its SMS was sent is not announced any more.
  await waitFor('the SMS about the move', async () =>
    (await smsKinds(presence, member.mobileNumber)).includes('moved'),
  )

  expect(await visit('POST', `/api/manage/${token}/cancel`, {})).toMatchObject({ status: 200 })
  const third = await visit('GET', `/api/manage/${token}/calendar.ics`)
  const files = [first.text, second.text, third.text]
  expect(files.map((file) => line(file, 'UID'))).toEqual(
    Array.from({ length: 3 }, () => `${booking.id}@presence`),
  )
  const sequences = files.map((file) => Number(line(file, 'SEQUENCE')))
  expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b))
  expect([line(third.text, 'METHOD'), line(third.text, 'STATUS')]).toEqual(['CANCEL', 'CANCELLED'])
  expect(await member.booking(booking.id)).toMatchObject({ state: 'pending', start: null })
  await untilIdle(presence)
  expect(await smsKinds(presence, member.mobileNumber)).toEqual([
    'welcome',
    'paid',
    'booked',
    'moved',
    'cancelled',
  ])
})

test('a link opens its own session only, and a wrong or expired one tells nothing', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(30 * 60, member, ruby)
  const token = await linkOf(member.mobileNumber, booking)
  for (const wrong of [
    `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
    'x',
    booking.id,
    token.slice(4),
  ]) {
    expect(await visit('GET', `/api/manage/${wrong}`)).toMatchObject({
      status: 404,
      json: { code: 'not_found' },
    })
    expect(await visit('POST', `/api/manage/${wrong}/cancel`, {})).toMatchObject({ status: 404 })
  }
  expect((await visit('GET', `/api/bookings/${booking.id}`)).status).toBe(401)
  await moveTo(presence, booking.end, 1_000)
  expect(await visit('GET', `/api/manage/${token}`)).toMatchObject({
    status: 410,
    json: { code: 'session_over' },
  })
  expect(await visit('POST', `/api/manage/${token}/cancel`, {})).toMatchObject({ status: 410 })
})

test('a host moves a session while the member can cancel for free, by a link of their own', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(30 * 60, member, ruby)
  const token = await linkOf(ruby.mobileNumber, booking)
  expect((await visit('GET', `/api/manage/${token}`)).json.role).toBe('host')
  const soon = await startIn(presence, 3 * 60)
  expect(await visit('POST', `/api/manage/${token}/reschedule`, { start: soon })).toMatchObject({
    status: 409,
    json: { code: 'too_late_to_move' },
  })
  const later = await startIn(presence, 20 * 60)
  await ruby.ask('POST', `/api/host/bookings/${booking.id}/reschedule`, { start: later })
  expect(await member.booking(booking.id)).toMatchObject({
    start: later,
    wasMovedByHost: true,
    canChangeForFree: true,
  })
  await smsArrives(presence, member.mobileNumber, 'you now meet')
  await moveTo(presence, later, -2 * hourMs)
  // Less than twelve hours ahead, but the host chose the time.
  expect(await member.ask('POST', `/api/bookings/${booking.id}/cancel`)).toMatchObject({ state: 'pending' })
})

test('a reserved start is hidden from others, and free again when its member leaves or waits', async () => {
  const [one, other] = [await signedInMember(presence, 'One'), await signedInMember(presence, 'Other')]
  const [own, others] = [
    (await paidPurchase(one, ruby)).bookingIds[0]!,
    (await paidPurchase(other, ruby)).bookingIds[0]!,
  ]
  const start = await startIn(presence, 26 * 60)
  const offers = async (who: typeof one, bookingId: string) => {
    const to = new Date(Date.parse(start) + 10 * minuteMs).toISOString()
    const { slots } = await who.ask<Slots>(
      'GET',
      `/api/hosts/${ruby.id}/slots?from=${start}&to=${to}&for=${bookingId}`,
    )
    return slots.some((slot) => slot.start === start)
  }
  const { releaseAt } = await one.ask<ReservedTime>('POST', `/api/bookings/${own}/reserve`, {
    hostId: ruby.id,
    start,
  })
  expect([await offers(one, own), await offers(other, others)]).toEqual([true, false])
  const refused = await visitAs(other, 'POST', `/api/bookings/${others}/reserve`, { hostId: ruby.id, start })
  expect(refused).toMatchObject({ status: 409, body: { code: 'time_not_offered' } })
  expect(refused.body.nearest).toHaveLength(5)
  await expect(other.schedule(others, ruby, start)).rejects.toMatchObject({ status: 409 })
  await one.ask('DELETE', `/api/bookings/${own}/reserve`)
  expect(await offers(other, others)).toBe(true)

  await one.ask('POST', `/api/bookings/${own}/reserve`, { hostId: ruby.id, start })
  expect(await offers(other, others)).toBe(false)
  await moveTo(presence, releaseAt, 1_000)
  expect(await offers(other, others)).toBe(true)
  expect(await other.schedule(others, ruby, start)).toMatchObject({ start })
  await expect(one.schedule(own, ruby, start)).rejects.toMatchObject({ status: 409 })
})

async function visitAs(
  who: { fetch: (path: string, init?: RequestInit) => Promise<Response> },
  method: string,
  path: string,
  body: unknown,
) {
  const response = await who.fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as { code: string; nearest: string[] } }
}

test('starts are rounded on the clock of the viewer, and every start shown can be booked', async () => {
  const member = await signedInMember(presence, 'Sam Rivers', 'Asia/Kathmandu')
  const { calendar: _calendar, ...hours } = await ruby.ask<Hours>('GET', '/api/host/hours')
  await ruby.ask('PUT', '/api/host/hours', { ...hours, intervalMinutes: 60 })
  try {
    const from = await startIn(presence, 27 * 60)
    const to = new Date(Date.parse(from) + 6 * hourMs).toISOString()
    const { slots } = await member.ask<Slots>(
      'GET',
      `/api/hosts/${ruby.id}/slots?from=${from}&to=${to}&timeZone=Asia/Kathmandu`,
    )
    expect(slots.length).toBeGreaterThan(3)
    // Kathmandu is 5:45 ahead of Greenwich, Auckland a whole number of hours.
    expect(slots.every(({ start }) => new Date(start).getUTCMinutes() === 15)).toBe(true)
    const { bookingIds } = await paidPurchase(member, ruby)
    await member.schedule(bookingIds[0]!, ruby, slots[1]!.start)
    await becomesConfirmed(member, bookingIds[0]!)
    await expect(
      member.ask('GET', `/api/hosts/${ruby.id}/slots?from=${from}&to=${to}&timeZone=Mars/Base`),
    ).rejects.toMatchObject({ status: 400 })
  } finally {
    await ruby.ask('PUT', '/api/host/hours', { ...hours, intervalMinutes: 5 })
  }
})

test('a private feed shows the sessions of one person at an address that can be revoked', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(30 * 60, member, amelia)
  expect(await member.ask('GET', '/api/calendar-feed')).toEqual({ feed: null })
  const { feed } = await member.ask<Feed>('POST', '/api/calendar-feed')
  expect(feed!.webcalUrl).toMatch(/^webcal:\/\/.*\/calendar\/[\w-]{32}\.ics$/)
  const read = async (url: string) => {
    const answer = await fetch(url)
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
  }
  expect(await read(feed!.url)).toMatchObject({ status: 200, type: 'text/calendar; charset=utf-8' })
  expect((await read(feed!.url)).text).toContain(`UID:${booking.id}@presence`)
  const { feed: hosts } = await amelia.ask<Feed>('POST', '/api/calendar-feed')
  expect((await read(hosts!.url)).text).toContain('SUMMARY:Presence: Sam')
  await member.ask('POST', `/api/bookings/${booking.id}/cancel`)
  expect((await read(feed!.url)).text).not.toContain(booking.id)
  const { feed: next } = await member.ask<Feed>('POST', '/api/calendar-feed')
  expect((await read(feed!.url)).status).toBe(404)
  expect((await read(next!.url)).status).toBe(200)
  await member.ask('DELETE', '/api/calendar-feed')
  expect((await read(next!.url)).status).toBe(404)
  expect((await read(`${presence.url}/calendar/nobody.ics`)).status).toBe(404)
})

test('a start chosen on a page left open overnight is refused with what is free instead', async () => {
  const member = await signedInMember(presence)
  const { bookingIds } = await paidPurchase(member, ruby)
  const start = await startIn(presence, 60)
  await moveTo(presence, start, 9 * hourMs)
  const late = await visitAs(member, 'POST', '/functions/v1/calcom-create-booking', {
    bookingId: bookingIds[0],
    hostId: ruby.id,
    start,
  })
  expect(late).toMatchObject({ status: 409, body: { code: 'time_not_offered' } })
  expect(Date.parse(late.body.nearest[0]!)).toBeGreaterThanOrEqual(Date.parse(start) + 9 * hourMs)
  await becomes(member, bookingIds[0]!, 'unused', (one) => one.state === 'pending')
})
