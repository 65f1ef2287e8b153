// What the API answers about a host's own Cal.com.
import { z } from 'zod'

export const calcomView = z.object({
  /** Whose event type is booked, from the Cal Link; null for a host of the built-in calendar. */
  link: z.string().nullable(),
  /** The account of the key that the host gave; null where the platform's key is used. */
  connectedAs: z.string().nullable(),
  /** What the host has to mend at Cal.com, in whole sentences. */
  problems: z.array(z.string()),
  checkedAt: z.iso.datetime().nullable(),
})
export type Calcom = z.infer<typeof calcomView>
