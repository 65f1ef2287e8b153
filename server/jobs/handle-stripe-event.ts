// What a stored Stripe event makes us look at. Its content is only a hint about which object; that is fetched
// again.
import { z } from 'zod'
import type { Context } from '../journey/context.ts'
import { confirmPurchase } from '../journey/purchases/confirm-purchase.ts'
import { fetchTransferGroup } from '../integrations/stripe-movements.ts'
import { isId } from '../lib/ids.ts'
import { followMoney } from '../journey/money/follow-money.ts'
import { refreshHostAccount } from '../journey/payouts/onboard-host.ts'

/** Everything that is acted on; the endpoint at Stripe is asked to send these. */
export const handledEvents = {
  platform: [
    'checkout.session.completed',
    'checkout.session.async_payment_succeeded',
    'checkout.session.async_payment_failed',
    'checkout.session.expired',
    'charge.updated',
    'charge.refunded',
    'refund.updated',
    'refund.failed',
    'charge.dispute.created',
    'charge.dispute.closed',
    'transfer.reversed',
  ],
  connect: ['account.updated'],
} as const

const eventBody = z.object({
  data: z.object({
    object: z.object({ id: z.string(), charge: z.string().nullish(), payment_intent: z.string().nullish() }),
  }),
})

/** Looks at what the event speaks of. Answers `unknown` where that is nothing of ours, or not yet. */
export async function receiveStripeEvent(
  ctx: Context,
  type: string,
  payload: unknown,
): Promise<'done' | 'unknown'> {
  const parsed = eventBody.safeParse(payload)
  if (!parsed.success) return 'done'
  const { id, charge, payment_intent: intent } = parsed.data.data.object
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
    case 'checkout.session.expired':
      return (await confirmPurchase(ctx, id)) === 'unknown' ? 'unknown' : 'done'
    case 'charge.updated':
    case 'charge.refunded':
      return follow(ctx, await purchaseOfCharge(ctx, id, intent))
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.dispute.created':
    case 'charge.dispute.closed':
      return follow(ctx, await purchaseOfCharge(ctx, charge, intent))
    case 'transfer.reversed':
      return follow(ctx, await purchaseOfTransfer(ctx, id))
    case 'account.updated':
      return (await refreshHostAccount(ctx, id)) ? 'done' : 'unknown'
    default:
      return 'done' // politely ignored
  }
}

async function follow(ctx: Context, purchaseId: string | undefined): Promise<'done' | 'unknown'> {
  if (!purchaseId) return 'unknown'
  await followMoney(ctx, purchaseId)
  return 'done'
}

async function purchaseOfCharge(
  ctx: Context,
  chargeId: string | null | undefined,
  intentId: string | null | undefined,
): Promise<string | undefined> {
  const row = await ctx.db
    .selectFrom('purchases')
    .select('id')
    .where((eb) => eb.or([eb('chargeId', '=', chargeId ?? ''), eb('paymentIntentId', '=', intentId ?? '')]))
    .executeTakeFirst()
  return row?.id
}

async function purchaseOfTransfer(ctx: Context, transferId: string): Promise<string | undefined> {
  const row = await ctx.db
    .selectFrom('payouts')
    .select('purchaseId')
    .where('transferId', '=', transferId)
    .executeTakeFirst()
  if (row) return row.purchaseId
  const group = await fetchTransferGroup(ctx.stripe, transferId)
  if (!group || !isId(group)) return undefined
  return (await ctx.db.selectFrom('purchases').select('id').where('id', '=', group).executeTakeFirst())?.id
}
