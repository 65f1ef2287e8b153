// The booking of one of its two people, for what they do around its room.
import { notFound } from '../../lib/errors.ts'
import { type Participant, roleOf } from '../bookings/participant.ts'
import type { Context } from '../context.ts'

/** Refuses with not_found, also for somebody else's. */
export async function findOwnBooking(ctx: Context, who: Participant, bookingId: string) {
  const booking = await ctx.db
    .selectFrom('bookings')
    .selectAll()
    .where('id', '=', bookingId)
    .executeTakeFirst()
  const role = booking && roleOf(booking, who)
  if (!booking || !role) throw notFound('session')
  return { booking, role }
}
