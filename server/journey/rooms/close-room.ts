// Ends the room of one attempt: at once if it was moved or cancelled, otherwise after its window. At Daily a
// room ends by itself after its window, so that ten thousand sessions that end together need no call.
import { inTransaction } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { deleteDailyRoom } from '../../integrations/daily-rooms.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { closeVisits } from './end-visit.ts'

export async function closeRoom(ctx: Context, bookingId: string, attempt: number): Promise<void> {
  const room = await ctx.db
    .selectFrom('rooms')
    .select(['provider', 'name', 'status', 'closesAt'])
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', attempt)
    .executeTakeFirst()
  if (!room || room.status === 'ended') return
  if (room.provider === 'daily' && now() < room.closesAt) await deleteDailyRoom(ctx.daily, room.name)
  await inTransaction(ctx.db, async (tx) => {
    if (room.provider === 'builtin') await closeVisits(tx, bookingId, attempt)
    await tx
      .updateTable('rooms')
      .set({ status: 'ended' })
      .where('bookingId', '=', bookingId)
      .where('attempt', '=', attempt)
      .execute()
    const booking = await tx
      .updateTable('bookings')
      .set({ roomStatus: 'ended' })
      .where('id', '=', bookingId)
      .where('attempt', '=', attempt)
      .where('roomStatus', '=', 'active')
      .returning(['memberId', 'hostId'])
      .executeTakeFirst()
    if (!booking) return
    await recordChanged(tx, 'Presence Operations', bookingId)
    await announce(tx, { topics: ['bookings', 'host'], ...booking })
  })
}
