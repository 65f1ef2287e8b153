// One line for each thing that must be right at a service: what was found, and what to do where it is not.
import { z } from 'zod'

export const connectionProviders = ['presence', 'stripe', 'twilio', 'calcom', 'daily', 'airtable'] as const
export type ConnectionProvider = (typeof connectionProviders)[number]

const connectionStates = ['ok', 'notice', 'failing'] as const

export const connectionLine = z.object({
  provider: z.enum(connectionProviders),
  /** What is looked at: `key`, `webhook`. */
  name: z.string(),
  /** `notice` works, and somebody should know of it. */
  state: z.enum(connectionStates),
  finding: z.string(),
  /** What to do, as a whole sentence. Null where all is well. */
  mend: z.string().nullable(),
  /** Makes one task of each service and cause; only of a line that fails. */
  cause: z.string().nullable(),
})
export type ConnectionLine = z.infer<typeof connectionLine>

/** The lines of one service. */
export function linesOf(provider: ConnectionProvider) {
  return {
    ok: (name: string, finding: string): ConnectionLine => ({
      provider,
      name,
      state: 'ok',
      finding,
      mend: null,
      cause: null,
    }),
    notice: (name: string, finding: string, mend: string): ConnectionLine => ({
      provider,
      name,
      state: 'notice',
      finding,
      mend,
      cause: null,
    }),
    failing: (name: string, cause: string, finding: string, mend: string): ConnectionLine => ({
      provider,
      name,
      state: 'failing',
      finding,
      mend,
      cause,
    }),
  }
}

/** A clock may differ by this much before signatures are refused as too old. */
export const clockToleranceMs = 2 * 60_000
