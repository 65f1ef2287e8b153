// How a browser's visit to a room of ours stands, and what it was told.
import { z } from 'zod'
import { otherStates, visitStates } from './visit.ts'

export const visitAnswerView = z
  .object({
    state: z.enum(visitStates),
    /** The other person's latest visit; the one who came later makes the first offer. */
    other: z.object({ visitId: z.uuid(), state: z.enum(otherStates), cameFirst: z.boolean() }).nullable(),
    signals: z.array(
      z.object({
        id: z.int(),
        from: z.uuid(),
        /** The sender's own count, by which a signal that comes again is known. */
        number: z.int(),
        body: z.unknown(),
      }),
    ),
  })
  .meta({ id: 'Visit' })
export type VisitAnswer = z.infer<typeof visitAnswerView>
