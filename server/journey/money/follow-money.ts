// Brings one purchase up to date with Stripe: fee, refunds, disputes, transfers and their reversals. Every
// webhook about money only starts this, so their order and number do not matter.
import { eachAlone, quarantinedKeys } from '../../calls/each-alone.ts'
import { inTransaction, type Tx } from '../../db/client.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { now } from '../../lib/time.ts'
import { lockPurchase } from '../refunds/lock-purchase.ts'
import type { Context } from '../context.ts'
import { wasPaid } from '../purchases/purchase.ts'
import { type FollowStep, readSteps } from './read-steps.ts'

/**
 * Compares a paid purchase with Stripe and repairs it by rule; what no rule repairs stops its payouts. It is
 * one transaction. Where one object cannot be followed, each is followed in its own, so that the others are.
 */
export async function followMoney(ctx: Context, purchaseId: string): Promise<void> {
  const known = await ctx.db
    .selectFrom('purchases')
    .select(['id', 'chargeId', 'status'])
    .where('id', '=', purchaseId)
    .executeTakeFirst()
  if (!known?.chargeId || !wasPaid(known.status)) return
  failpoint('before-call:follow')
  const steps = await readSteps(ctx, { id: known.id, chargeId: known.chargeId })
  const isDoubtful = (await quarantinedKeys(ctx.db, followKind)).some((key) => key.startsWith(purchaseId))
  if (isDoubtful || !(await followTogether(ctx, purchaseId, steps))) await followAlone(ctx, purchaseId, steps)
  await ctx.db.updateTable('purchases').set({ followedAt: now() }).where('id', '=', purchaseId).execute()
  failpoint('after-commit:follow')
}

/** In the table quarantine, with keys that begin with the id of the purchase. */
export const followKind = 'follow-money'

async function followTogether(ctx: Context, purchaseId: string, steps: FollowStep[]): Promise<boolean> {
  try {
    await inTransaction(ctx.db, (tx) => followIn(tx, purchaseId, steps))
    return true
  } catch (error) {
    console.warn(`purchase ${purchaseId}: its objects at Stripe are followed one by one:`, error)
    return false
  }
}

async function followAlone(ctx: Context, purchaseId: string, steps: FollowStep[]): Promise<void> {
  await eachAlone(ctx.db, steps, {
    kind: followKind,
    keyOf: ({ name }) => `${purchaseId}:${name}`,
    act: (step) => inTransaction(ctx.db, (tx) => followIn(tx, purchaseId, [step])),
    taskFor: ({ name }, lastError) => ({
      kind: 'money_difference',
      purchaseId,
      sentence:
        `Something of this purchase at Stripe (${name}) cannot be followed: ${lastError}. ` +
        'Its payouts wait until it can.',
    }),
    isMoney: true,
  })
}

async function followIn(tx: Tx, purchaseId: string, steps: FollowStep[]): Promise<void> {
  const purchase = await lockPurchase(tx, purchaseId)
  if (!purchase) return
  for (const step of steps) await step.follow(tx, purchase)
}
