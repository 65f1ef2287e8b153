// Finds checkouts that were paid or expired while their webhook was lost.
import { inTransaction } from '../../db/client.ts'
import { resumeAll } from '../../db/resume-jobs.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { confirmPurchase } from './confirm-purchase.ts'
import { checkoutMinutes } from './start-checkout.ts'

/** A webhook usually arrives within seconds; after this long Stripe is asked. */
const patienceMinutes = 2
/** Checkouts expire by themselves. A purchase open for longer than this never got one, or Stripe lost it. */
const forgottenMinutes = checkoutMinutes + 60

/** Enqueues a question to Stripe for each open purchase that has none waiting. */
export async function reconcilePurchases(ctx: Context): Promise<void> {
  const open = await ctx.db
    .selectFrom('purchases')
    .select(['id', 'checkoutId', 'createdAt'])
    .where('status', '=', 'open')
    .where('createdAt', '<', addMinutes(now(), -patienceMinutes))
    .execute()
  await inTransaction(ctx.db, async (tx) => {
    const asked = open.filter(({ checkoutId }) => checkoutId !== null)
    await resumeAll(
      tx,
      'confirm-purchase',
      asked.map(({ id }) => ({ purchaseId: id })),
    )
    await tx
      .updateTable('purchases')
      .set({ status: 'expired' })
      .where('status', '=', 'open')
      .where('checkoutId', 'is', null)
      .where('createdAt', '<', addMinutes(now(), -forgottenMinutes))
      .execute()
  })
}

export async function confirmPurchaseById(ctx: Context, purchaseId: string): Promise<void> {
  const purchase = await ctx.db
    .selectFrom('purchases')
    .select('checkoutId')
    .where('id', '=', purchaseId)
    .executeTakeFirst()
  if (purchase?.checkoutId) await confirmPurchase(ctx, purchase.checkoutId)
}
