// What the API answers about the deletion of one's own account: what it would do, or when it will be done.
import { z } from 'zod'
import { currencies } from '../../lib/money.ts'

export const deletionView = z.object({
  /** When it is carried out; null for an account that is not to be deleted. */
  dueAt: z.iso.datetime().nullable(),
  undoDays: z.int(),
  currency: z.enum(currencies),
  asMember: z
    .object({
      /** Sessions ahead that are cancelled and refunded. */
      sessionsAhead: z.int(),
      /** Sessions that start too soon to be refunded. */
      sessionsForfeited: z.int(),
      unusedSessions: z.int(),
      /** What goes back to the card, for sessions ahead and unused ones. */
      refundCents: z.int(),
    })
    .nullable(),
  asHost: z
    .object({
      sessionsAhead: z.int(),
      /** Shares that have not been paid out. The account is deleted after they have. */
      unpaidCents: z.int(),
      canBePaid: z.boolean(),
    })
    .nullable(),
})
export type Deletion = z.infer<typeof deletionView>
