// What the API answers to operators: who is kept apart, and who was.
import { z } from 'zod'
import { roles } from '../bookings/participant.ts'

const blockView = z.object({
  id: z.uuid(),
  hostName: z.string(),
  memberName: z.string(),
  setBy: z.enum(roles),
  createdAt: z.iso.datetime(),
  /** How many reports the two have written of each other. */
  reports: z.int(),
  liftedAt: z.iso.datetime().nullable(),
  liftedBy: z.string().nullable(),
  liftReason: z.string().nullable(),
})

/** The newest first, at most 200; those that hold before those that were lifted. */
export const blocksView = z.object({ blocks: z.array(blockView) })
export type Blocks = z.infer<typeof blocksView>
