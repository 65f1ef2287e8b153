import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { moveClock } from '../../world/outside.ts'
import {
  alwaysFreeHost,
  becomes,
  bookingStartingIn,
  type Host,
  joins,
  moveTo,
  onboardedHost,
  sessionTakesPlace,
  signedInMember,
} from '../people/actors.ts'
import { airtableRow, violations, query, untilIdle } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { clearFaults, injectFault } from './sandbox.ts'

let presence: Presence
let ruby: Host

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  await onboardedHost(ruby)
})
afterEach(() => clearFaults(presence))
afterAll(() => presence?.stop())

test('a room that Daily did not create in time is created when somebody joins', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(90, member, ruby)
  const away = await injectFault(presence, {
    provider: 'daily',
    operation: 'rooms.create',
    kind: 'error_before',
  })
  await moveTo(presence, booking.start, -10 * minuteMs)
  await expect(member.ask('POST', `/api/bookings/${booking.id}/join`)).rejects.toMatchObject({
    status: 503,
    code: 'video_unavailable',
  })
  await away.remove()
  await joins(member, booking.id)
  await joins(ruby, booking.id)
  expect((await member.booking(booking.id)).roomStatus).toBe('active')
})

test('a room whose creation got no answer is found again, and exists once', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(90, member, ruby)
  const before = presence.sandbox.ctx.store.list('daily.room').length
  await injectFault(presence, {
    provider: 'daily',
    operation: 'rooms.create',
    kind: 'timeout_after',
    times: 1,
  })
  await moveTo(presence, booking.start, -10 * minuteMs)
  await becomes(member, booking.id, 'open', (one) => one.roomStatus === 'active')
  await joins(member, booking.id)
  expect(presence.sandbox.ctx.store.list('daily.room').length).toBe(before + 1)
})

test('attendance is read from the records of Daily when no webhook came', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(90, member, ruby)
  await injectFault(presence, { provider: 'daily', kind: 'drop' })
  await sessionTakesPlace(member, booking, [member, ruby])
  const held = await becomes(member, booking.id, 'settled', (one) => one.state === 'completed')
  expect(held).toMatchObject({
    outcome: 'held',
    hostJoinedAt: expect.any(String),
    memberJoinedAt: expect.any(String),
  })
  await untilIdle(presence)
  expect(await airtableRow(presence, 'Presence Operations', booking.id)).toMatchObject({
    'Host Joined': true,
    'Member Joined': true,
    'Payout Status': 'Paid',
  })
  expect(await violations(presence)).toEqual([])
})

test('a session waits to be settled while Daily is away, and is settled right afterwards', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(90, member, ruby)
  await injectFault(presence, { provider: 'daily', kind: 'drop' })
  const away = await injectFault(presence, { provider: 'daily', operation: 'meetings.list', kind: 'outage' })
  await sessionTakesPlace(member, booking, [member, ruby])
  await moveClock(presence, { advanceMs: 20 * minuteMs })
  expect(await member.booking(booking.id)).toMatchObject({ state: 'created', outcome: null })
  await away.remove()
  await moveClock(presence, { advanceMs: minuteMs })
  await becomes(member, booking.id, 'held', (one) => one.outcome === 'held')
})

test('joins and leaves that come twice, late and out of order lead to the same attendance', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(90, member, ruby)
  await injectFault(presence, { provider: 'daily', kind: 'reorder', times: 2, delayMs: 500 })
  await injectFault(presence, { provider: 'daily', kind: 'duplicate' })
  await sessionTakesPlace(member, booking, [member, ruby])
  await becomes(member, booking.id, 'held', (one) => one.outcome === 'held')
  await untilIdle(presence)
  const stays = await query<{ role: string }>(
    presence.databaseUrl,
    'select role from attendance where booking_id = $1 order by role',
    [booking.id],
  )
  expect(stays.map((one) => one.role)).toEqual(['host', 'member'])
})
