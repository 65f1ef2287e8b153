// A member's private words after a session. Nobody else ever reads them.
import { notFound } from '../../lib/errors.ts'
import type { Context } from '../context.ts'

export async function saveReflection(
  ctx: Context,
  memberId: string,
  bookingId: string,
  text: string,
): Promise<void> {
  const saved = await ctx.db
    .updateTable('bookings')
    .set({ reflection: text })
    .where('id', '=', bookingId)
    .where('memberId', '=', memberId)
    .executeTakeFirst()
  if (saved.numUpdatedRows !== 1n) throw notFound('session')
}
