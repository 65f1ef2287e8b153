// What the API answers about a purchase under way.
import { z } from 'zod'
import { currencies } from '../../lib/money.ts'
import { planTypes } from '../plans/plan.ts'
import { purchaseStatuses } from './purchase.ts'

/** What the payment modal opens with. */
export const checkoutView = z.object({ purchaseId: z.uuid(), clientSecret: z.string() })
export type Checkout = z.infer<typeof checkoutView>

export const purchaseView = z.object({
  id: z.uuid(),
  status: z.enum(purchaseStatuses),
  plan: z.enum(planTypes),
  hostId: z.uuid(),
  amountCents: z.int(),
  currency: z.enum(currencies),
  bookingIds: z.array(z.uuid()),
  validUntil: z.iso.datetime().nullable(),
})
export type Purchase = z.infer<typeof purchaseView>
