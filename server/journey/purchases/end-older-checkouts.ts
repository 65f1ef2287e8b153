// A checkout that is started again for the same plan and host ends the older one: not both can be paid.
import type { Tx } from '../../db/client.ts'
import { expireCheckout } from '../../integrations/stripe-checkout.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import type { PlanType } from '../plans/plan.ts'
import { confirmPurchase } from './confirm-purchase.ts'

type Choice = { memberId: string; hostId: string; plan: PlanType }
type Older = { id: string; checkoutId: string | null }

/**
 * The open purchases of the same choice; one without a checkout is given up here. The member must be
 * locked, so that of two checkouts started at once the later sees the earlier.
 */
export async function takeOlder(tx: Tx, { memberId, hostId, plan }: Choice): Promise<Older[]> {
  const older = await tx
    .selectFrom('purchases')
    .select(['id', 'checkoutId'])
    .where('memberId', '=', memberId)
    .where('hostId', '=', hostId)
    .where('plan', '=', plan)
    .where('status', '=', 'open')
    .orderBy('createdAt')
    .forUpdate()
    .execute()
  for (const { id, checkoutId } of older)
    if (!checkoutId)
      await tx.updateTable('purchases').set({ status: 'expired' }).where('id', '=', id).execute()
  return older
}

/**
 * Expires the older checkouts at Stripe and records what became of them. Refuses: conflict, where one was
 * paid at this moment or its payment is under way, which then counts.
 */
export async function endOlderCheckouts(ctx: Context, older: Older[]): Promise<void> {
  for (const { id, checkoutId } of older) {
    if (!checkoutId) continue
    await expireCheckout(ctx.stripe, checkoutId)
    await confirmPurchase(ctx, checkoutId)
    const { status } = await ctx.db
      .selectFrom('purchases')
      .select('status')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (status === 'paid' || status === 'refunded')
      throw new Refusal(
        'conflict',
        'You have just paid for this in another window, and nothing more was charged. See your dashboard.',
      )
    if (status === 'open')
      throw new Refusal(
        'conflict',
        'Your payment for this is still being processed. Please wait; nothing more was charged.',
      )
  }
}

/**
 * Expires every open payment page of a member at Stripe. One that Stripe cannot be asked about is left; a
 * payment of it is confirmed like any other, and never lost.
 */
export async function endOpenCheckouts(ctx: Context, memberId: string): Promise<void> {
  const open = await ctx.db
    .selectFrom('purchases')
    .select('checkoutId')
    .where('memberId', '=', memberId)
    .where('status', '=', 'open')
    .execute()
  for (const { checkoutId } of open) {
    if (!checkoutId) continue
    try {
      await expireCheckout(ctx.stripe, checkoutId)
      await confirmPurchase(ctx, checkoutId)
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      console.warn(`The checkout ${checkoutId} of a suspended member stays open at Stripe: ${error.message}`)
    }
  }
}
