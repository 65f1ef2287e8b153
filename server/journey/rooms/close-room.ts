// Ends the room of one attempt: at once when it was moved or cancelled, after its window otherwise. A room whose time is
// over has ended at Daily by itself, so ten thousand sessions that end together need no call.
import { inTransaction } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { deleteDailyRoom } from '../../integrations/daily.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'

export async function closeRoom(ctx: Context, bookingId: string, attempt: number): Promise<void> {
  const room = await ctx.db
    .selectFrom('rooms')
    .select(['name', 'status', 'closesAt'])
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', attempt)
    .executeTakeFirst()
  if (!room || room.status === 'ended') return
  if (now() < room.closesAt) await deleteDailyRoom(ctx.daily, room.name)
  await inTransaction(ctx.db, async (tx) => {
    await tx.updateTable('rooms').set({ status: 'ended' }).where('bookingId', '=', bookingId).where('attempt', '=', attempt).execute()
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
