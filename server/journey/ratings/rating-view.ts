// The ratings of one session, and the sum of all that somebody was given.
import { z } from 'zod'

const ratedView = z.object({ stars: z.int(), tags: z.array(z.string()) })
export type Rated = z.infer<typeof ratedView>

export const sessionRatingsView = z
  .object({
    mine: ratedView.nullable(),
    /** Null while it is hidden. */
    theirs: ratedView.nullable(),
    canRate: z.boolean(),
  })
  .meta({ id: 'SessionRatings' })
export type SessionRatings = z.infer<typeof sessionRatingsView>

export const receivedRatingsView = z
  .object({
    count: z.int(),
    averageStars: z.number().nullable(),
    tags: z.array(z.object({ tag: z.string(), count: z.int() })),
  })
  .meta({ id: 'ReceivedRatings' })
export type ReceivedRatings = z.infer<typeof receivedRatingsView>
