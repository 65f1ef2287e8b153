// The ratings that somebody may see: their own, the other's once it is visible, and what they were given over
// all sessions.
import { notFound, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { otherOf, type Participant, roleOf } from '../bookings/participant.ts'
import { isRatingVisible, mayStillRate, summaryOf } from './rating.ts'
import type { ReceivedRatings, SessionRatings } from './rating-view.ts'

function requireSwitchedOn(ctx: Context): void {
  if (!ctx.config.isRatingOn) throw new Refusal('switched_off', 'Ratings are paused at the moment.')
}

/** Of one session. Refuses: switched_off, not_found. */
export async function readRatings(
  ctx: Context,
  who: Participant,
  bookingId: string,
): Promise<SessionRatings> {
  requireSwitchedOn(ctx)
  const booking = await ctx.db
    .selectFrom('bookings')
    .select(['memberId', 'hostId', 'outcome'])
    .where('id', '=', bookingId)
    .executeTakeFirst()
  const role = booking && roleOf(booking, who)
  if (!booking || !role) throw notFound('session')
  const given = await ctx.db
    .selectFrom('ratings')
    .select(['rater', 'stars', 'tags', 'createdAt'])
    .where('bookingId', '=', bookingId)
    .execute()
  const mine = given.find((one) => one.rater === role)
  const theirs = given.find((one) => one.rater === otherOf(role))
  return {
    mine: mine ? { stars: mine.stars, tags: mine.tags } : null,
    theirs:
      theirs && isRatingVisible(theirs, mine !== undefined, now())
        ? { stars: theirs.stars, tags: theirs.tags }
        : null,
    canRate: booking.outcome === 'held' && !mine && mayStillRate(theirs, now()),
  }
}

/**
 * Over all sessions. Hidden ratings are not counted, so that no change of a number gives them away. Refuses:
 * switched_off.
 */
export async function readReceivedRatings(
  ctx: Context,
  asked: { memberId: string } | { hostId: string },
): Promise<ReceivedRatings> {
  requireSwitchedOn(ctx)
  const [column, id, role] =
    'hostId' in asked
      ? (['bookings.hostId', asked.hostId, 'host'] as const)
      : (['bookings.memberId', asked.memberId, 'member'] as const)
  const given = await ctx.db
    .selectFrom('ratings')
    .innerJoin('bookings', 'bookings.id', 'ratings.bookingId')
    .leftJoin('ratings as answers', (join) =>
      join.onRef('answers.bookingId', '=', 'ratings.bookingId').on('answers.rater', '=', role),
    )
    .select(['ratings.stars', 'ratings.tags', 'ratings.createdAt', 'answers.createdAt as answeredAt'])
    .where(column, '=', id)
    .where('ratings.rater', '=', otherOf(role))
    .execute()
  const time = now()
  return summaryOf(given.filter((rating) => isRatingVisible(rating, rating.answeredAt !== null, time)))
}
