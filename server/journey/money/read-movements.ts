// Reads Stripe's list of movements into our own table, each once, with the purchase it belongs to.
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { findCheckoutOfIntent } from '../../integrations/stripe.ts'
import { listMovements, type Movement, type MovementOrigin } from '../../integrations/stripe-movements.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { confirmPurchase } from '../purchases/confirm-purchase.ts'
import { wasPaid } from '../purchases/purchase.ts'
import { findPurchase } from './find-purchase.ts'

/** Movements may be listed a little after their time; this far back is looked again. */
const overlapMinutes = 15

/**
 * Reads what is new since the last time; everything with `isWhole`. Each new one makes us look at its
 * purchase.
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
  const fresh = await withoutKnown(ctx.db, listed)
  for (const movement of fresh) {
    const purchaseId = movement.origin ? await findPurchase(ctx, movement.origin) : undefined
    const isPaid = purchaseId ? await makePaid(ctx, purchaseId, movement.origin) : false
    await inTransaction(ctx.db, async (tx) => {
      await keep(tx, movement, purchaseId ?? null)
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
 * Money came for a purchase: where no webhook said so, its checkout is confirmed now. Answers whether it is
 * paid here.
 */
async function makePaid(
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

async function keep(tx: Tx, movement: Movement, purchaseId: string | null): Promise<void> {
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
