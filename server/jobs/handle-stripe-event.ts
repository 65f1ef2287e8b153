// A stored event of Stripe -> the verb of the step it is about.
import { z } from 'zod'
import type { Context } from '../journey/context.ts'
import { findPurchase } from '../journey/money/find-purchase.ts'
import { followMoney } from '../journey/money/follow-money.ts'
import { isStripeEventType } from '../journey/money/stripe-events.ts'
import { refreshHostAccount } from '../journey/payouts/refresh-host-account.ts'
import { confirmPurchase } from '../journey/purchases/confirm-purchase.ts'

const eventBody = z.object({
  data: z.object({
    object: z.object({ id: z.string(), charge: z.string().nullish(), payment_intent: z.string().nullish() }),
  }),
})

/**
 * Fetches what the event is about and follows it. Answers `unknown` where that is nothing of ours, or not
 * yet. An event of a type that is not ours is ignored.
 */
export async function handleStripeEvent(
  ctx: Context,
  type: string,
  payload: unknown,
): Promise<'done' | 'unknown'> {
  const parsed = eventBody.safeParse(payload)
  if (!parsed.success || !isStripeEventType(type)) return 'done'
  const { id, charge, payment_intent: intent } = parsed.data.data.object
  const payment = intent ? { paymentIntentId: intent } : {}
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
    case 'checkout.session.expired':
      return (await confirmPurchase(ctx, id)) === 'unknown' ? 'unknown' : 'done'
    case 'charge.updated':
    case 'charge.refunded':
      return follow(ctx, await findPurchase(ctx, { chargeId: id, ...payment }))
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.dispute.created':
    case 'charge.dispute.closed':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
      return follow(ctx, await findPurchase(ctx, { ...(charge ? { chargeId: charge } : {}), ...payment }))
    case 'transfer.reversed':
      return follow(ctx, await findPurchase(ctx, { transferId: id }))
    case 'account.updated':
      return (await refreshHostAccount(ctx, id)) ? 'done' : 'unknown'
  }
}

async function follow(ctx: Context, purchaseId: string | undefined): Promise<'done' | 'unknown'> {
  if (!purchaseId) return 'unknown'
  await followMoney(ctx, purchaseId)
  return 'done'
}
