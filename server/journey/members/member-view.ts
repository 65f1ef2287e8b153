// What the API answers about who is signed in.
import { z } from 'zod'

export const meView = z.object({
  member: z
    .object({ id: z.uuid(), fullName: z.string(), timeZone: z.string(), email: z.string().nullable() })
    .nullable(),
  host: z.object({ id: z.uuid(), fullName: z.string() }).nullable(),
  isOperator: z.boolean(),
  mobileNumber: z.string(),
  /** They have stopped our text messages. */
  hasStoppedTexts: z.boolean(),
})
export type Me = z.infer<typeof meView>
