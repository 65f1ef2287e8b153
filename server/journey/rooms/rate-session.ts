// Step 7: one rating per held session and person, while RATINGS is on.
import { notFound, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { type Participant, roleOf } from './join-room.ts'
import type { RatingTag } from './rating.ts'

/** Refuses: switched_off, not_found, conflict (not held, or rated already). */
export async function rateSession(
  ctx: Context,
  who: Participant,
  bookingId: string,
  rating: { stars: number; tags: RatingTag[] },
): Promise<void> {
  if (!ctx.config.isRatingOn) throw new Refusal('switched_off', 'Ratings are paused at the moment.')
  const booking = await ctx.db.selectFrom('bookings').select(['memberId', 'hostId', 'outcome']).where('id', '=', bookingId).executeTakeFirst()
  const role = booking && roleOf(booking, who)
  if (!booking || !role) throw notFound('session')
  if (booking.outcome !== 'held') throw new Refusal('conflict', 'Only a session in which you met can be rated.')
  const added = await ctx.db
    .insertInto('ratings')
    .values({ bookingId, rater: role, stars: rating.stars, tags: rating.tags, createdAt: now() })
    .onConflict((conflict) => conflict.columns(['bookingId', 'rater']).doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows !== 1n) throw new Refusal('conflict', 'You have rated this session already.')
}
