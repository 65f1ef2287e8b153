import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs, hourMs, minuteMs } from '../../server/lib/time.ts'
import {
  alwaysFreeHost,
  bookingStartingIn,
  type Host,
  moveTo,
  paidPurchase,
  signedInHost,
  signedInMember,
  signedInOperator,
  startIn,
} from '../people/actors.ts'
import { query, untilIdle } from '../people/evidence.ts'
import { baseOf, editRow, moveClock, rowsOf } from '../../world/outside.ts'
import { Person, Refused, waitFor } from '../../world/person.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import type { Operations } from '../../server/journey/operations/operations-view.ts'
import type { HostPage } from '../../server/journey/hosts/host-view.ts'
import type { Slots } from '../../server/journey/times/free-times-view.ts'
import type { Hours, Preview } from '../../server/journey/times/hours-view.ts'

let presence: Presence
let ruby: Host

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
})

afterAll(() => presence?.stop())

async function cards(search = ''): Promise<HostPage['hosts']> {
  const response = await fetch(`${presence.url}/api/hosts?limit=100${search}`)
  return ((await response.json()) as HostPage).hosts
}

test('host cards show and sort by the next start that can be booked, of either calendar', async () => {
  // Reconciling reads those of Cal.com, every minute and when the clock was moved.
  await moveClock(presence, { advanceMs: 1_000 })
  const all = await waitFor(
    'the next free times of everybody',
    async () => {
      const shown = await cards('&sort=next')
      return shown.every(({ availability }) => availability === 'free') && shown
    },
    60,
  )
  const times = all.map(({ nextFree }) => Date.parse(nextFree!))
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  for (const { id, nextFree } of [all[0]!, all.at(-1)!, all.find((one) => one.id === ruby.id)!]) {
    const to = new Date(Date.parse(nextFree!) + hourMs).toISOString()
    const { slots } = (await (
      await fetch(`${presence.url}/api/hosts/${id}/slots?from=${nextFree}&to=${to}`)
    ).json()) as Slots
    expect(slots[0]!.start).toBe(nextFree)
  }
  const pages: string[] = []
  let cursor = ''
  do {
    const page = (await (
      await fetch(`${presence.url}/api/hosts?limit=5&sort=next${cursor && `&cursor=${cursor}`}`)
    ).json()) as HostPage
    pages.push(...page.hosts.map(({ id }) => id))
    cursor = page.nextCursor ?? ''
  } while (cursor)
  expect(pages).toEqual(all.map(({ id }) => id))
})

test('a preview shows the starts that unsaved hours would offer', async () => {
  const { calendar: _calendar, ...hours } = await ruby.ask<Hours>('GET', '/api/host/hours')
  // A weekday other than today, at any hour: it comes twice in the two weeks of a preview.
  const days = [new Date(Date.parse(await startIn(presence, 3 * 24 * 60))).getUTCDay()]
  const { starts } = await ruby.ask<Preview>('POST', '/api/host/hours/preview', {
    ...hours,
    weekly: [{ days, start: '09:00', end: '10:00' }],
    intervalMinutes: null,
  })
  expect(starts).toHaveLength(12)
  expect(await ruby.ask('GET', '/api/host/hours')).toMatchObject({ weekly: hours.weekly })
  await expect(
    ruby.ask('POST', '/api/host/hours/preview', {
      ...hours,
      weekly: [{ days: [1], start: '09:00', end: '09:00' }],
    }),
  ).rejects.toMatchObject({ code: 'invalid_input' })
})

test('a day with its maximum of sessions offers no more starts', async () => {
  const member = await signedInMember(presence)
  const { calendar: _calendar, ...hours } = await ruby.ask<Hours>('GET', '/api/host/hours')
  const booking = await bookingStartingIn(50 * 60, member, ruby)
  const dayOf = (moment: string) => new Date(moment).toLocaleDateString('sv', { timeZone: hours.timeZone })
  const around = (ms: number) => new Date(Date.parse(booking.start) + ms).toISOString()
  const startsOnThatDay = async () => {
    const days = `from=${around(-dayMs)}&to=${around(dayMs)}`
    const { slots } = (await (
      await fetch(`${presence.url}/api/hosts/${ruby.id}/slots?${days}`)
    ).json()) as Slots
    return slots.filter(({ start }) => dayOf(start) === dayOf(booking.start)).length
  }
  expect(await startsOnThatDay()).toBeGreaterThan(0)
  await ruby.ask('PUT', '/api/host/hours', { ...hours, maximumPerDay: 1 })
  try {
    expect(await startsOnThatDay()).toBe(0)
  } finally {
    await ruby.ask('PUT', '/api/host/hours', { ...hours, maximumPerDay: null })
  }
})

test('a connected calendar blocks its times, and an address in our network is refused (SSRF)', async () => {
  for (const address of [
    'https://127.0.0.1/x.ics',
    'https://localhost/x.ics',
    'http://example.com/x.ics',
    'https://169.254.169.254/latest',
    'nonsense',
  ]) {
    await expect(ruby.ask('POST', '/api/host/calendars', { address })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_input',
    })
  }
  expect(await ruby.ask('GET', '/api/host/calendars')).toEqual({ calendars: [] })
  const start = await startIn(presence, 60 * 60)
  const id = '01990000-0000-7000-8000-000000000001'
  await query(
    presence.databaseUrl,
    'insert into imported_calendars (id, host_id, address, created_at, due_at, read_at) values ($1, $2, $3, $4, $4, $4)',
    [id, ruby.id, 'https://calendar.example/x.ics', start],
  )
  await query(
    presence.databaseUrl,
    "insert into busy_times (imported_calendar_id, host_id, start_at, end_at) values ($1, $2, $3::timestamptz, $3::timestamptz + interval '30 minutes')",
    [id, ruby.id, start],
  )
  const free = async () => {
    const to = new Date(Date.parse(start) + hourMs).toISOString()
    return (
      (await (await fetch(`${presence.url}/api/hosts/${ruby.id}/slots?from=${start}&to=${to}`)).json()) as {
        slots: { start: string }[]
      }
    ).slots.map((slot) => slot.start)
  }
  expect((await free())[0]).toBe(new Date(Date.parse(start) + 30 * minuteMs).toISOString())
  expect(await ruby.ask('DELETE', `/api/host/calendars/${id}`)).toEqual({ calendars: [] })
  expect((await free())[0]).toBe(start)
})

test('an inactive host keeps booked sessions, and unused ones may go to another host', async () => {
  const member = await signedInMember(presence)
  const kenji = await signedInHost(presence, 'Kenji Watanabe')
  const booking = await bookingStartingIn(30 * 60, member, kenji)
  const next = await signedInMember(presence)
  const { bookingIds } = await paidPurchase(next, kenji)
  const row = (await rowsOf(presence, 'Hosts')).find(({ fields }) => fields['Full Name'] === 'Kenji Watanabe')
  await editRow(presence, 'Hosts', row!.id, { Status: 'Inactive' })
  await waitFor(
    'the host who has disappeared',
    async () => !(await cards()).some(({ id }) => id === kenji.id),
  )
  await expect(next.schedule(bookingIds[0]!, kenji, await startIn(presence, 40 * 60))).rejects.toMatchObject({
    status: 409,
    code: 'host_unavailable',
  })
  expect(
    (await fetch(`${presence.url}/api/hosts/${kenji.id}/slots?from=${booking.start}&to=${booking.end}`))
      .status,
  ).toBe(409)
  expect(await member.booking(booking.id)).toMatchObject({ state: 'created', start: booking.start })
  expect(await next.schedule(bookingIds[0]!, ruby, await startIn(presence, 40 * 60))).toMatchObject({
    state: 'created',
    host: { id: ruby.id },
  })
  await moveTo(presence, booking.start, -10 * minuteMs)
  await untilIdle(presence)
  expect(await member.ask('POST', `/api/bookings/${booking.id}/join`)).toMatchObject({ role: 'member' })
})

test('a member who becomes a host keeps the session they paid for, and buys no more', async () => {
  const member = await signedInMember(presence)
  const { bookingIds } = await paidPurchase(member, ruby)
  await baseOf(presence)('Hosts').create(
    [
      {
        fields: {
          'Full Name': 'Sam Rivers',
          'Country / Time Zone': 'Australia / Australia/Sydney',
          'Mobile Number': member.mobileNumber,
          'Verification Status': 'Verified',
          Status: 'Active',
        },
      },
    ],
    { typecast: true },
  )
  await waitFor(
    'the new host',
    async () => (await member.ask<{ host: unknown }>('GET', '/api/me')).host !== null,
    60,
  )
  const booking = await member.schedule(bookingIds[0]!, ruby, await startIn(presence, 24 * 60))
  expect(booking.state).toBe('created')
  expect((await member.bookings()).upcoming.map(({ id }) => id)).toEqual(bookingIds)
  const refused = await member
    .ask('POST', '/api/checkout', { plan: 'Adhoc', hostId: ruby.id })
    .catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Refused)
})

test('a host without hours is listed and cannot be booked, and no single session is sold for them', async () => {
  const [{ id: rowId } = { id: '' }] = await baseOf(presence)('Hosts').create(
    [
      {
        fields: {
          'Full Name': 'Wren Newhost',
          'Country / Time Zone': 'Australia / Australia/Perth',
          'Mobile Number': '+61491573087',
          'Verification Status': 'Verified',
          Status: 'Active',
        },
      },
    ],
    { typecast: true },
  )
  expect(rowId).not.toBe('')
  const wren = await waitFor(
    'the new host on the list',
    async () => (await cards()).find(({ fullName }) => fullName === 'Wren Newhost'),
    60,
  )
  expect(wren).toMatchObject({ availability: 'no_times_yet', nextFree: null })
  const member = await signedInMember(presence)
  const buy = (plan: string) =>
    member.ask('POST', '/api/checkout', { plan, hostId: wren.id }).catch((error: unknown) => error)
  const refused = await buy('Adhoc')
  expect(refused).toMatchObject({ status: 409, code: 'host_unavailable' })
  expect((refused as Refused).sentence).toBe('Wren Newhost has no times yet. Please choose another host.')
  expect(await buy('Weekly'), 'a pack can be used with any other host').toHaveProperty('purchaseId')

  const host = new Person(presence, '+61491573087')
  await host.signIn()
  await host.consent()
  const { calendar: _calendar, ...hours } = await host.ask<Hours>('GET', '/api/host/hours')
  expect(hours, 'a pause and a daily maximum to begin with').toMatchObject({
    weekly: [],
    bufferAfterMinutes: 10,
    maximumPerDay: 8,
  })
  const operator = await signedInOperator(presence)
  const notReady = async () =>
    (await operator.ask<Operations>('GET', '/api/ops')).unreadyHosts.find(({ id }) => id === wren.id)
  expect(await notReady()).toMatchObject({ hasTimes: false, canBePaid: false })

  // Hours alone are not enough: none of them lies before the session would expire.
  const far = new Date(Date.parse(await startIn(presence, 40 * 24 * 60))).toISOString().slice(0, 10)
  const override = { date: far, windows: [{ start: '09:00', end: '10:00' }] }
  await host.ask('PUT', '/api/host/hours', { ...hours, dateOverrides: [override], horizonDays: 365 })
  const tooFar = await buy('Adhoc')
  expect((tooFar as Refused).sentence).toContain('has no free time in the next 30 days')
  const weekly = [{ days: [0, 1, 2, 3, 4, 5, 6], start: '09:00', end: '17:00' }]
  await host.ask('PUT', '/api/host/hours', { ...hours, weekly })
  expect(await buy('Adhoc')).toHaveProperty('purchaseId')
  expect(await notReady()).toMatchObject({ hasTimes: true })
})
