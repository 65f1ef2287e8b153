// Ends the room of one attempt: at once when it was moved or cancelled, after its window otherwise.
import { inTransaction } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { deleteDailyRoom } from '../../integrations/daily.ts'
import type { Context } from '../context.ts'
import { roomName } from './room.ts'

export async function closeRoom(ctx: Context, bookingId: string, attempt: number): Promise<void> {
  const room = await ctx.db
    .selectFrom('rooms')
    .select('status')
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', attempt)
    .executeTakeFirst()
  if (!room || room.status === 'ended') return
  await deleteDailyRoom(ctx.daily, roomName(bookingId, attempt))
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
