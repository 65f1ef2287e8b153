// The answer to a browser's report from a room of ours: its visit, the other's visit, and new signals.
import { z } from 'zod'
import { otherStates, visitStates } from './visit.ts'

export const visitAnswerView = z
  .object({
    state: z.enum(visitStates),
    /** The other person's latest visit. Whoever came later makes the first offer. */
    other: z.object({ visitId: z.uuid(), state: z.enum(otherStates), cameFirst: z.boolean() }).nullable(),
    signals: z.array(
      z.object({
        id: z.int(),
        from: z.uuid(),
        /** The sender's own count, so that a signal that comes twice is recognized. */
        number: z.int(),
        body: z.unknown(),
      }),
    ),
  })
  .meta({ id: 'Visit' })
export type VisitAnswer = z.infer<typeof visitAnswerView>
