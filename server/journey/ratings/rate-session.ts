// Step 7: one rating per held session and person, while RATINGS is on.
import { inTransaction } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import { lockBooking } from '../bookings/change-booking.ts'
import type { Context } from '../context.ts'
import { type Participant, roleOf } from '../bookings/participant.ts'
import { mayStillRate, type RatingTag } from './rating.ts'

/** Refuses: switched_off, not_found, conflict (not held, rated already, or the other's rating is visible). */
export async function rateSession(
  ctx: Context,
  who: Participant,
  bookingId: string,
  rating: { stars: number; tags: RatingTag[] },
): Promise<void> {
  if (!ctx.config.isRatingOn) throw new Refusal('switched_off', 'Ratings are paused at the moment.')
  await inTransaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, bookingId)
    const role = booking && roleOf(booking, who)
    if (!booking || !role) throw notFound('session')
    if (booking.outcome !== 'held')
      throw new Refusal('conflict', 'Only a session in which you met can be rated.')
    const given = await tx
      .selectFrom('ratings')
      .select(['rater', 'createdAt'])
      .where('bookingId', '=', bookingId)
      .execute()
    if (given.some((one) => one.rater === role))
      throw new Refusal('conflict', 'You have rated this session already.')
    if (!mayStillRate(given[0], now()))
      throw new Refusal('conflict', 'The time to rate this session is over.')
    await tx
      .insertInto('ratings')
      .values({
        bookingId,
        rater: role,
        stars: rating.stars,
        tags: [...new Set(rating.tags)],
        createdAt: now(),
      })
      .execute()
    await announce(tx, { topics: ['bookings', 'host'], memberId: booking.memberId, hostId: booking.hostId })
  })
}
