// The private room of one attempt, made up to an hour before it opens: at Daily, or as a row of ours. We
// choose its name, so making it twice finds the first one. It stays shut until 15 minutes before the session.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import type { DailyUrgency } from '../../integrations/daily.ts'
import { ensureDailyRoom, type NewRoom } from '../../integrations/daily-rooms.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { now } from '../../lib/time.ts'
import { type BookingRow, lockBooking } from '../bookings/change-booking.ts'
import { isTimeToPrepare, roomClosesAt, roomOpensAt, type RoomStatus } from '../bookings/room-window.ts'
import { sessionPageOf } from '../bookings/session-page.ts'
import type { Context } from '../context.ts'
import { roomName } from './room.ts'
import { learnDomain } from './sign-token.ts'

type RoomProvider = 'daily' | 'builtin'
export type RoomFacts = {
  provider: RoomProvider
  url: string
  name: string
  opensAt: Date
  closesAt: Date
  status: RoomStatus
}
export type Scheduled = BookingRow & { startAt: Date; endAt: Date }

/** The booking with its times; undefined if this attempt was moved, cancelled or settled. */
export async function scheduledBooking(
  ctx: Context,
  bookingId: string,
  attempt: number,
): Promise<Scheduled | undefined> {
  const booking = await ctx.db
    .selectFrom('bookings')
    .selectAll()
    .where('id', '=', bookingId)
    .executeTakeFirst()
  if (
    !booking ||
    booking.attempt !== attempt ||
    booking.state !== 'created' ||
    !booking.startAt ||
    !booking.endAt
  )
    return undefined
  return { ...booking, startAt: booking.startAt, endAt: booking.endAt }
}

/** Makes the room ahead of time, and nothing else. If it fails, the room is made when it opens. */
export async function prepareRoom(ctx: Context, bookingId: string, attempt: number): Promise<void> {
  const booking = await scheduledBooking(ctx, bookingId, attempt)
  if (!booking || !isTimeToPrepare(booking.startAt, now())) return
  const room = await ensureRoom(ctx, booking, 'ahead')
  if (room.provider === 'daily')
    await learnDomain(ctx, {
      roomName: room.name,
      personId: bookingId,
      displayName: '',
      opensAt: room.opensAt,
      closesAt: room.closesAt,
    })
}

/** The room of a booking's current attempt, which is made if we have none. */
export async function ensureRoom(
  ctx: Context,
  booking: Scheduled,
  urgency: DailyUrgency,
): Promise<RoomFacts> {
  const { id: bookingId, attempt } = booking
  const facts = {
    name: roomName(bookingId, attempt),
    opensAt: roomOpensAt(booking.startAt),
    closesAt: roomClosesAt(booking.endAt),
  }
  const known = await ctx.db
    .selectFrom('rooms')
    .select(['provider', 'url', 'status'])
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', attempt)
    .executeTakeFirst()
  if (known?.url) return { ...facts, provider: known.provider, url: known.url, status: known.status }

  const provider = ctx.config.video
  const url =
    provider === 'daily'
      ? await roomAtDaily(ctx, facts, urgency)
      : sessionPageOf(ctx.config.publicUrl, bookingId)
  await inTransaction(ctx.db, async (tx) => {
    const current = await lockBooking(tx, bookingId)
    await tx
      .insertInto('rooms')
      .values({ ...facts, bookingId, attempt, provider, url, status: 'not_created', createdAt: now() })
      .onConflict((conflict) => conflict.columns(['bookingId', 'attempt']).doNothing())
      .execute()
    // The booking was cancelled or moved while Daily was answering.
    if (current?.attempt !== attempt || current.state !== 'created')
      await enqueue(tx, 'close-room', { bookingId, attempt })
  })
  return { ...facts, provider, url, status: 'not_created' }
}

async function roomAtDaily(ctx: Context, room: NewRoom, urgency: DailyUrgency): Promise<string> {
  failpoint('before-call:room')
  const { url } = await ensureDailyRoom(ctx.daily, room, urgency)
  failpoint('after-call:room')
  return url
}
