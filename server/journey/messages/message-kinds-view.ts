// What the API answers about the text messages that somebody may get.
import { z } from 'zod'

const messageKind = z.object({
  name: z.string(),
  when: z.string(),
  /** Sent only with a consent that can be taken back; every other one belongs to what was booked. */
  isOptional: z.boolean(),
})
export const messageKindsView = z.object({ kinds: z.array(messageKind) })
export type MessageKinds = z.infer<typeof messageKindsView>
