// Step 5: the room opens once, and both people are told.
import { inTransaction } from '../../db/client.ts'
import type { DailyUrgency } from '../../integrations/daily.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { now } from '../../lib/time.ts'
import { isRoomOpen, roomOpensAt } from '../bookings/room-window.ts'
import { type Participant, roleOf } from '../bookings/participant.ts'
import type { Context } from '../context.ts'
import { ensureRoom, type RoomFacts, scheduledBooking } from './ensure-room.ts'
import { openDueRooms, openRooms } from './open-rooms.ts'

/**
 * Opens the room of a booking's current attempt, and makes it if it was not made ahead of time. Answers
 * undefined if the attempt is over or the window is not open. Called by the job 15 minutes before the start,
 * and by joining if the job has not run yet.
 */
export async function createRoom(
  ctx: Context,
  bookingId: string,
  attempt: number,
  urgency: DailyUrgency = 'soon',
): Promise<RoomFacts | undefined> {
  const booking = await scheduledBooking(ctx, bookingId, attempt)
  if (!booking || !isRoomOpen(booking.startAt, booking.endAt, now())) return undefined
  const room = await ensureRoom(ctx, booking, urgency)
  // A report ended it before its time.
  if (room.status === 'ended') return undefined
  if (room.status === 'not_created') {
    // Somebody who is joining waits for their own room alone.
    if (urgency !== 'now') await openDueRooms(ctx)
    await inTransaction(ctx.db, (tx) => openRooms(tx, [{ bookingId, attempt }]))
  }
  failpoint('after-commit:room')
  return room
}

/** One of the two people asks for it. Refuses: not_found, room_not_open. */
export async function openRoom(ctx: Context, who: Participant, bookingId: string): Promise<void> {
  const booking = await ctx.db
    .selectFrom('bookings')
    .select(['memberId', 'hostId', 'attempt', 'startAt'])
    .where('id', '=', bookingId)
    .executeTakeFirst()
  if (!booking || !roleOf(booking, who)) throw notFound('session')
  const room = await createRoom(ctx, bookingId, booking.attempt, 'now')
  if (!room) {
    throw new Refusal('room_not_open', 'The room opens 15 minutes before the session starts.', {
      opensAt: booking.startAt ? roomOpensAt(booking.startAt).toISOString() : null,
    })
  }
}

type RoomKey = { bookingId: string; attempt: number }

/**
 * The same for many jobs at once: rooms that were made ahead are opened together. Answers one outcome for
 * each, in their order.
 */
export async function createRooms(ctx: Context, keys: RoomKey[]): Promise<PromiseSettledResult<void>[]> {
  await openDueRooms(ctx)
  const rows = await ctx.db
    .selectFrom('rooms')
    .select(['bookingId', 'attempt'])
    .where(
      'bookingId',
      'in',
      keys.map((key) => key.bookingId),
    )
    .where('status', '!=', 'not_created')
    .execute()
  const opened = new Set(rows.map(({ bookingId, attempt }) => `${bookingId}:${attempt}`))
  return Promise.allSettled(
    keys.map(async (key) => {
      if (!opened.has(`${key.bookingId}:${key.attempt}`)) await createRoom(ctx, key.bookingId, key.attempt)
    }),
  )
}
