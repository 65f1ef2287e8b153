// A suspended host meets nobody: their sessions are given back, as if the host had cancelled. A host who is
// only inactive keeps their sessions.
import { inTransaction } from '../../db/client.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { changeBooking, lockBooking } from './change-booking.ts'

export async function giveSessionBack(ctx: Context, bookingId: string): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, bookingId)
    if (!booking || booking.state !== 'created' || now() >= booking.startAt!) return
    const { status } = await tx
      .selectFrom('hosts')
      .select('status')
      .where('id', '=', booking.hostId)
      .executeTakeFirstOrThrow()
    if (status === 'Suspended') await changeBooking(tx, booking, 'host_cancelled')
  })
}
