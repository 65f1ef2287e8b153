// Ratings, as rules: what may be said, and when the other side may see it.

export const ratingTags = ['Listened well', 'Made me laugh', 'Calming', 'Helpful', 'On time'] as const
export type RatingTag = (typeof ratingTags)[number]

export const blindDays = 7

/** Visible to the other once both have rated, or a week after it was given. */
export function isRatingVisible(rating: { createdAt: Date }, isOtherGiven: boolean, now: Date): boolean {
  return isOtherGiven || now.getTime() >= rating.createdAt.getTime() + blindDays * 86_400_000
}
