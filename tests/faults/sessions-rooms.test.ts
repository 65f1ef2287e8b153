import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  alwaysFreeHost,
  becomes,
  becomesConfirmed,
  bookingStartingIn,
  type Host,
  joins,
  type Member,
  moveTo,
  openRoom,
  signedInMember,
  startIn,
} from '../people/actors.ts'
import { airtableRow, query, untilIdle, smsKinds } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { dailyRoom } from '../../world/outside.ts'
import { waitFor } from '../../world/person.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { fault, faultsEnd, roomCreations } from './session-scenes.ts'
import type { JoinAnswer } from '../../server/journey/rooms/room-view.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'

let presence: Presence
let ruby: Host

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
})

afterAll(() => presence?.stop())

type Timed = Booking & { start: string; end: string }

async function paidSession(minutes = 120): Promise<{ member: Member; booking: Timed }> {
  const member = await signedInMember(presence)
  return { member, booking: await bookingStartingIn(minutes, member, ruby) }
}

const roomOf = async (bookingId: string) =>
  (
    await query<{ name: string; status: string; url: string | null }>(
      presence.databaseUrl,
      'select name, status, url from rooms where booking_id = $1 order by attempt desc',
      [bookingId],
    )
  )[0]

/** Moves the clock to an hour before the start, when the room exists but is not open. */
async function prepared({ id, start }: Timed): Promise<string> {
  await moveTo(presence, start, -59 * minuteMs)
  return waitFor('the room made ahead', async () => {
    const room = await roomOf(id)
    return room?.url !== null && room?.status === 'not_created' && room.name
  })
}

test('a room is created an hour ahead, opens 15 minutes before, and both are told once', async () => {
  const { member, booking } = await paidSession()
  await untilIdle(presence)
  expect(await roomOf(booking.id), 'not earlier than an hour').toBe(undefined)
  const name = await prepared(booking)
  const { config, privacy } = await dailyRoom(presence, name)
  expect({ privacy, nbf: config.nbf, exp: config.exp, most: config.max_participants }).toEqual({
    privacy: 'private',
    nbf: Date.parse(booking.start) / 1000 - 900,
    exp: Date.parse(booking.end) / 1000 + 300,
    most: 2,
  })
  await untilIdle(presence)
  expect(await member.booking(booking.id)).toMatchObject({ roomStatus: 'not_created', canJoin: false })
  expect(await smsKinds(presence, member.mobileNumber)).not.toContain('reminder')
  await expect(member.ask('POST', `/api/bookings/${booking.id}/join`)).rejects.toMatchObject({
    code: 'room_not_open',
  })
  const creations = await roomCreations(presence, name)

  await openRoom(member, booking)
  await untilIdle(presence)
  expect(await airtableRow(presence, 'Presence Operations', booking.id)).toMatchObject({
    'Video Room Status': 'Active',
  })
  expect((await smsKinds(presence, member.mobileNumber)).filter((kind) => kind === 'reminder')).toHaveLength(
    1,
  )
  expect([creations, await roomCreations(presence, name)], 'made once').toEqual([1, 1])
})

test('people join a room that was created ahead while Daily is down', async () => {
  const { member, booking } = await paidSession()
  await prepared(booking)
  await untilIdle(presence)
  await fault(presence, { operation: '*', kind: 'outage' })
  await openRoom(member, booking)
  const { url } = await member.ask<JoinAnswer>('POST', `/api/bookings/${booking.id}/join`)
  await faultsEnd(presence)
  const entered = await fetch(
    `${presence.sandboxUrl}/_sandbox/daily/rooms/${new URL(url!).pathname.split('/').at(-1)}/join`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: new URL(url!).searchParams.get('t') }),
    },
  )
  expect(entered.status).toBe(200)
})

test('rooms that can be created only three seconds before the start are there in time', async () => {
  const { member, booking } = await paidSession()
  await fault(presence, { operation: 'rooms.create', kind: 'error_before', status: 500 })
  await moveTo(presence, booking.start, -59 * minuteMs)
  await moveTo(presence, booking.start, -10 * minuteMs)
  const refused = await member
    .ask('POST', `/api/bookings/${booking.id}/join`)
    .catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'video_unavailable' })
  await moveTo(presence, booking.start, -3_000)
  await faultsEnd(presence)
  const [one, two] = [await joins(member, booking.id), await joins(ruby, booking.id)]
  await becomes(member, booking.id, 'open', (session) => session.roomStatus === 'active')
  await one.leave()
  await two.leave()
})

test('moving or cancelling a session closes its room, created ahead or open', async () => {
  const first = await paidSession(900)
  const name = await prepared(first.booking)
  await moveTo(presence, first.booking.start, -40 * minuteMs)
  const gone = async (room: string) =>
    waitFor(
      'the end of the room',
      async () =>
        await dailyRoom(presence, room).then(
          () => false,
          () => true,
        ),
    )
  await first.member.ask('POST', `/api/bookings/${first.booking.id}/cancel`)
  await gone(name)

  const second = await paidSession(60)
  await openRoom(second.member, second.booking)
  const open = (await roomOf(second.booking.id))!.name
  await ruby.ask('POST', `/api/host/bookings/${second.booking.id}/cancel`)
  await gone(open)
  await second.member.schedule(second.booking.id, ruby, await startIn(presence, 90))
  const again = await becomesConfirmed(second.member, second.booking.id)
  expect(await prepared(again), 'another attempt has a room of its own').not.toBe(open)
})
