// What the API answers about what is sold: the plans with their terms.
import { z } from 'zod'
import { currencies } from '../../lib/money.ts'
import { planTypes, type Terms } from './plan.ts'

export const termsView = z.object({
  plan: z.enum(planTypes),
  priceCents: z.int().positive(),
  currency: z.enum(currencies),
  sessions: z.int().positive(),
  sessionMinutes: z.int().positive(),
  validDays: z.int().positive(),
  hostSharePercent: z.int().min(0).max(100),
  anyHost: z.boolean(),
  freeChangeHours: z.number().min(0),
  hostFailureExtensionDays: z.int().min(0),
  expiryWarningHours: z.number().min(0),
}) satisfies z.ZodType<Terms>

export const plansView = z.object({ plans: z.array(termsView) })
export type Plans = z.infer<typeof plansView>
