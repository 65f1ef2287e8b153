// What the API answers as questions and answers for the help page.
import { z } from 'zod'

export const helpView = z.object({ prompts: z.array(z.object({ question: z.string(), answer: z.string() })) })
export type Help = z.infer<typeof helpView>
