// What the API answers about this server: what the pages must know before anybody has signed in.
import { z } from 'zod'

export const settingsView = z.object({
  stripePublishableKey: z.string(),
  stripeJsUrl: z.string(),
  video: z.enum(['daily', 'builtin']),
  isRatingOn: z.boolean(),
  contactEmail: z.string(),
  serverNow: z.iso.datetime(),
})
export type Settings = z.infer<typeof settingsView>
