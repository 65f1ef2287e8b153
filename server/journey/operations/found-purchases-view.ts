// What the API answers where an operator looks for purchases.
import { z } from 'zod'
import { currencies } from '../../lib/money.ts'
import { planTypes } from '../plans/plan.ts'

const foundPurchase = z.object({
  id: z.uuid(),
  memberName: z.string(),
  /** Null for a former member. */
  memberNumber: z.string().nullable(),
  plan: z.enum(planTypes),
  amountCents: z.int(),
  refundedCents: z.int(),
  currency: z.enum(currencies),
  status: z.enum(['paid', 'refunded']),
  paidAt: z.iso.datetime(),
  isDisputed: z.boolean(),
  isStopped: z.boolean(),
})
export type FoundPurchase = z.infer<typeof foundPurchase>

export const foundPurchasesView = z.object({ purchases: z.array(foundPurchase) })
export type FoundPurchases = z.infer<typeof foundPurchasesView>
