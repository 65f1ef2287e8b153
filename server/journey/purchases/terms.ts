// The copy of a plan's terms that a purchase keeps, read back from the database.
import { z } from 'zod'
import type { Terms } from '../plans/plan.ts'

const schema: z.ZodType<Terms> = z.object({
  plan: z.enum(['Adhoc', 'Weekly']),
  priceCents: z.int().positive(),
  currency: z.literal('AUD'),
  sessions: z.int().positive(),
  sessionMinutes: z.int().positive(),
  validDays: z.int().positive(),
  hostSharePercent: z.int().min(0).max(100),
  anyHost: z.boolean(),
  freeChangeHours: z.number().min(0),
  hostFailureExtensionDays: z.int().min(0),
  expiryWarningHours: z.number().min(0),
})

/** Terms as stored. Throws where they are not what plan.ts once wrote. */
export function readTerms(stored: unknown): Terms {
  return schema.parse(stored)
}
