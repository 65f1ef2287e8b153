// Copies Stripe's balance transactions (movements) into our own table, each once, with its purchase.
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { findCheckoutOfIntent } from '../../integrations/stripe-checkout.ts'
import { listMovements, type Movement, type MovementOrigin } from '../../integrations/stripe-movements.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { confirmPurchase } from '../purchases/confirm-purchase.ts'
import { wasPaid } from '../purchases/purchase.ts'
import { findPurchase } from './find-purchase.ts'

/** Stripe may list a movement a little late, so each read overlaps the last by this much. */
const overlapMinutes = 15

/**
 * Reads what is new since the last time, or everything with `isWhole`. Each new movement enqueues a look at
 * its purchase.
 */
export async function readMovements(ctx: Context, isWhole = false): Promise<void> {
  const newest = await ctx.db
    .selectFrom('stripeMovements')
    .select('createdAt')
    .orderBy('createdAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  const reachesBackTo = newest && newest.createdAt < now() ? newest.createdAt : now()
  const from = newest && !isWhole ? addMinutes(reachesBackTo, -overlapMinutes) : undefined
  const listed = await listMovements(ctx.stripe, from)
  const unknown = await withoutKnown(ctx.db, listed)
  for (const movement of unknown) {
    const purchaseId = movement.origin ? await findPurchase(ctx, movement.origin) : undefined
    const isPaid = purchaseId ? await confirmIfUnpaid(ctx, purchaseId, movement.origin) : false
    await inTransaction(ctx.db, async (tx) => {
      await recordMovement(tx, movement, purchaseId ?? null)
      if (purchaseId && isPaid) await enqueue(tx, 'follow-money', { purchaseId })
      if (!purchaseId && movement.origin) await reportUnknown(tx, movement)
    })
  }
}

async function withoutKnown(db: Db, listed: Movement[]): Promise<Movement[]> {
  const known = new Set<string>()
  for (let at = 0; at < listed.length; at += 1000) {
    const ids = listed.slice(at, at + 1000).map(({ id }) => id)
    const rows = await db.selectFrom('stripeMovements').select('id').where('id', 'in', ids).execute()
    for (const { id } of rows) known.add(id)
  }
  return listed.filter(({ id }) => !known.has(id))
}

/**
 * Confirms the checkout of a purchase that got money without a webhook. Answers whether the purchase is paid.
 */
async function confirmIfUnpaid(
  ctx: Context,
  purchaseId: string,
  origin: MovementOrigin | undefined,
): Promise<boolean> {
  const status = async () =>
    (
      await ctx.db
        .selectFrom('purchases')
        .select('status')
        .where('id', '=', purchaseId)
        .executeTakeFirstOrThrow()
    ).status
  if (wasPaid(await status())) return true
  const checkout = origin?.paymentIntentId
    ? await findCheckoutOfIntent(ctx.stripe, origin.paymentIntentId)
    : undefined
  if (checkout) await confirmPurchase(ctx, checkout.id)
  return wasPaid(await status())
}

async function recordMovement(tx: Tx, movement: Movement, purchaseId: string | null): Promise<void> {
  const { id, type, sourceId, netCents, createdAt } = movement
  await tx
    .insertInto('stripeMovements')
    .values({ id, type, sourceId, purchaseId, netCents, createdAt, seenAt: now() })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

function reportUnknown(tx: Tx, movement: Movement): Promise<void> {
  return addOperatorTask(tx, {
    key: `unknown_movement:${movement.id}`,
    kind: 'money_difference',
    sentence: `Stripe moved ${(movement.netCents / 100).toFixed(2)} dollars (${movement.type.replaceAll('_', ' ')}) for a purchase that Presence does not have. Please look it up in Stripe.`,
  })
}
