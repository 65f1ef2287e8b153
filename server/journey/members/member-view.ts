// What the API answers about who is signed in.
import { z } from 'zod'

export const meView = z.object({
  member: z
    .object({ id: z.uuid(), fullName: z.string(), timeZone: z.string(), email: z.string().nullable() })
    .nullable(),
  host: z.object({ id: z.uuid(), fullName: z.string() }).nullable(),
  isOperator: z.boolean(),
  mobileNumber: z.string(),
  /** When this account is deleted; null for one that is kept. */
  leavingAt: z.iso.datetime().nullable(),
  /** When a code to this number may open the account of a host to whom our operators gave it. */
  hostingOpensAt: z.iso.datetime().nullable(),
  /** They have stopped our text messages. */
  hasStoppedTexts: z.boolean(),
})
export type Me = z.infer<typeof meView>
