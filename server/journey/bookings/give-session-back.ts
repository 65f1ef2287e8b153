// Who is suspended meets nobody: a host's sessions are given back as if the host had cancelled, a member's as
// if the member had, in time. A host who is only inactive keeps their sessions.
import { inTransaction } from '../../db/client.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { changeBooking, lockBooking } from './change-booking.ts'

export async function giveSessionBack(ctx: Context, bookingId: string): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, bookingId)
    if (!booking || booking.state !== 'created' || now() >= booking.startAt!) return
    const statusOf = (table: 'hosts' | 'members', id: string) =>
      tx.selectFrom(table).select('status').where('id', '=', id).executeTakeFirstOrThrow()
    if ((await statusOf('hosts', booking.hostId)).status === 'Suspended')
      await changeBooking(tx, booking, 'host_cancelled')
    else if ((await statusOf('members', booking.memberId)).status === 'Suspended')
      await changeBooking(tx, booking, 'cancelled_in_time')
  })
}
