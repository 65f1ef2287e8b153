// What the API answers as the prompts around a session.
import { z } from 'zod'

export const promptsView = z.object({
  preSession: z.array(z.string()),
  starters: z.array(z.string()),
  reflection: z.array(z.string()),
})
export type Prompts = z.infer<typeof promptsView>
