// Step 5: the room opens, once, and both people are told.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import type { DailyUrgency } from '../../integrations/daily.ts'
import { breakPoint } from '../../lib/break-point.ts'
import { now } from '../../lib/time.ts'
import { isRoomOpen } from '../bookings/room-window.ts'
import type { Context } from '../context.ts'
import { ensureRoom, type RoomFacts, type Scheduled, scheduledBooking } from './ensure-room.ts'

/**
 * Opens the room of a booking's current attempt, which was made ahead of time or is made now. Answers undefined where
 * the attempt is over or the window is not open. Called by the job 15 minutes before, and by joining where it has not come yet.
 */
export async function createRoom(ctx: Context, bookingId: string, attempt: number, urgency: DailyUrgency = 'soon'): Promise<RoomFacts | undefined> {
  const booking = await scheduledBooking(ctx, bookingId, attempt)
  if (!booking || !isRoomOpen(booking.startAt, booking.endAt, now())) return undefined
  const room = await ensureRoom(ctx, booking, urgency)
  // Ended before its time, because of a report.
  if (room.status === 'ended') return undefined
  if (room.status === 'not_created') await openRoom(ctx, booking)
  breakPoint('after-commit:room')
  return room
}

async function openRoom(ctx: Context, { id: bookingId, attempt, endAt, memberId, hostId }: Scheduled): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const opened = await tx
      .updateTable('rooms')
      .set({ status: 'active' })
      .where('bookingId', '=', bookingId)
      .where('attempt', '=', attempt)
      .where('status', '=', 'not_created')
      .executeTakeFirst()
    if (opened.numUpdatedRows !== 1n) return
    const current = await tx
      .updateTable('bookings')
      .set({ roomStatus: 'active' })
      .where('id', '=', bookingId)
      .where('attempt', '=', attempt)
      .where('state', '=', 'created')
      .executeTakeFirst()
    // Cancelled or moved in this moment.
    if (current.numUpdatedRows !== 1n) return enqueue(tx, 'close-room', { bookingId, attempt })
    for (const recipient of ['member', 'host'] as const) {
      await enqueue(tx, 'send-message', {
        key: `reminder:${bookingId}:${attempt}:${recipient}`,
        template: 'Session Reminder',
        recipient,
        bookingId,
        attempt,
        usefulUntil: endAt.toISOString(),
      })
    }
    await recordChanged(tx, 'Presence Operations', bookingId)
    await announce(tx, { topics: ['bookings', 'host'], memberId, hostId })
  })
}
