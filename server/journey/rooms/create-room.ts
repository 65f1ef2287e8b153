// Step 5: the private room of one attempt. Its name is ours, so making it twice finds the first.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { ensureDailyRoom } from '../../integrations/daily.ts'
import { breakPoint } from '../../lib/break-point.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { isRoomOpen, roomClosesAt, roomOpensAt } from '../bookings/room-window.ts'
import { roomName } from './room.ts'

export type RoomFacts = { url: string; name: string; opensAt: Date; closesAt: Date }

/**
 * Makes the room of a booking's current attempt and tells both people, once. Answers undefined where the attempt is
 * over or the window is not open. Called by the job 15 minutes before, and by joining where the job has not come yet.
 */
export async function createRoom(ctx: Context, bookingId: string, attempt: number): Promise<RoomFacts | undefined> {
  const booking = await ctx.db.selectFrom('bookings').selectAll().where('id', '=', bookingId).executeTakeFirst()
  if (!booking || booking.attempt !== attempt || booking.state !== 'created' || !booking.startAt || !booking.endAt) return undefined
  if (!isRoomOpen(booking.startAt, booking.endAt, now())) return undefined
  const name = roomName(bookingId, attempt)
  const opensAt = roomOpensAt(booking.startAt)
  const closesAt = roomClosesAt(booking.endAt)
  const known = await ctx.db
    .selectFrom('rooms')
    .select('url')
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', attempt)
    .where('status', '=', 'active')
    .executeTakeFirst()
  if (known?.url) return { url: known.url, name, opensAt, closesAt }

  breakPoint('before-call:room')
  const { url } = await ensureDailyRoom(ctx.daily, { name, opensAt, closesAt })
  breakPoint('after-call:room')
  await inTransaction(ctx.db, async (tx) => {
    const added = await tx
      .insertInto('rooms')
      .values({ bookingId, attempt, name, provider: 'daily', url, status: 'active', opensAt, closesAt, createdAt: now() })
      .onConflict((conflict) => conflict.columns(['bookingId', 'attempt']).doNothing())
      .executeTakeFirst()
    if (added.numInsertedOrUpdatedRows !== 1n) return
    const current = await tx
      .updateTable('bookings')
      .set({ roomStatus: 'active' })
      .where('id', '=', bookingId)
      .where('attempt', '=', attempt)
      .where('state', '=', 'created')
      .executeTakeFirst()
    if (current.numUpdatedRows !== 1n) {
      // Cancelled or moved while Daily was answering.
      return enqueue(tx, 'close-room', { bookingId, attempt })
    }
    for (const recipient of ['member', 'host'] as const) {
      await enqueue(tx, 'send-message', {
        key: `reminder:${bookingId}:${attempt}:${recipient}`,
        template: 'Session Reminder',
        recipient,
        bookingId,
        attempt,
        usefulUntil: booking.endAt!.toISOString(),
      })
    }
    await recordChanged(tx, 'Presence Operations', bookingId)
    await announce(tx, { topics: ['bookings', 'host'], memberId: booking.memberId, hostId: booking.hostId })
  })
  breakPoint('after-commit:room')
  return { url, name, opensAt, closesAt }
}
