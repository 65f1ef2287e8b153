// The rules of ratings: what may be said, and when the other side may see it.
import type { ReceivedRatings } from './rating-view.ts'

export const ratingTags = ['Listened well', 'Made me laugh', 'Calming', 'Helpful', 'On time'] as const
export type RatingTag = (typeof ratingTags)[number]

const blindDays = 7

/** Visible to the other once both have rated, or a week after it was given. */
export function isRatingVisible(rating: { createdAt: Date }, isOtherGiven: boolean, now: Date): boolean {
  return isOtherGiven || now.getTime() >= rating.createdAt.getTime() + blindDays * 86_400_000
}

/** Nobody can answer a rating they have seen: when the other's becomes visible, the time to rate is over. */
export function mayStillRate(othersRating: { createdAt: Date } | undefined, now: Date): boolean {
  return othersRating === undefined || !isRatingVisible(othersRating, false, now)
}

/** What somebody was given, without names. The most frequent words come first. */
export function summaryOf(ratings: { stars: number; tags: string[] }[]): ReceivedRatings {
  const counts = Map.groupBy(
    ratings.flatMap((rating) => rating.tags),
    (tag) => tag,
  )
  const sum = ratings.reduce((stars, rating) => stars + rating.stars, 0)
  return {
    count: ratings.length,
    averageStars: ratings.length === 0 ? null : Math.round((sum / ratings.length) * 10) / 10,
    tags: [...counts]
      .map(([tag, all]) => ({ tag, count: all.length }))
      .toSorted((one, other) => other.count - one.count || one.tag.localeCompare(other.tag)),
  }
}
