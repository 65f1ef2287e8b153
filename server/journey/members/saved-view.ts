// What the API answers where something was saved and there is nothing more to say.
import { z } from 'zod'

export const savedView = z.object({ isSaved: z.literal(true) })
export type Saved = z.infer<typeof savedView>

export const saved: Saved = { isSaved: true }
