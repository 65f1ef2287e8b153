// Copies Stripe's balance transactions (movements) into our own table, each once, with its purchase.
import { eachAlone, quarantinedKeys } from '../../calls/each-alone.ts'
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { findCheckoutOfIntent } from '../../integrations/stripe-checkout.ts'
import {
  fetchMovement,
  listMovements,
  type Movement,
  type MovementOrigin,
} from '../../integrations/stripe-movements.ts'
import { isId } from '../../lib/ids.ts'
import { addHours, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { confirmPurchase } from '../purchases/confirm-purchase.ts'
import { wasPaid } from '../purchases/purchase.ts'
import { findPurchase } from './find-purchase.ts'

/** Stripe may list a movement a little late, so each read overlaps the last by this much. */
const overlapMinutes = 15
/**
 * A slice of Stripe's list that one step reads; how far it came is kept after each. A long time with little
 * in it is read in ever longer slices, so that it takes few of the calls that payments need too.
 */
const sliceHours = { first: 6, least: 1, most: 60 * 24 }
/** More than a page is much, and ten pages are too much for one step. */
const movementsPerSlice = { few: 100, many: 1_000 }

/**
 * Reads what is new since the last time, in slices, until the signal aborts. The first start begins at a
 * mark: what the account did before is not ours. Each new movement enqueues a look at its purchase.
 */
export async function readMovements(ctx: Context, signal?: AbortSignal): Promise<void> {
  await followEach(ctx, await inQuarantine(ctx.db), signal)
  const { beganAt, readTo } = await readMark(ctx.db)
  const reachesBackTo = addMinutes(readTo < now() ? readTo : now(), -overlapMinutes)
  let from = reachesBackTo > beganAt ? reachesBackTo : beganAt
  let hours = sliceHours.first
  while (!signal?.aborted) {
    const to = addHours(from, hours)
    const isLast = to >= now()
    // The last slice has no end, since Stripe's clock may be ahead of ours.
    const listed = await listMovements(ctx.stripe, from, isLast ? undefined : to)
    await followEach(ctx, await withoutKnown(ctx.db, listed), signal)
    if (signal?.aborted) return
    await ctx.db
      .updateTable('movementsRead')
      .set({ readTo: isLast ? now() : to })
      .execute()
    if (isLast) return
    from = to
    if (listed.length < movementsPerSlice.few) hours = Math.min(sliceHours.most, 2 * hours)
    else if (listed.length > movementsPerSlice.many) hours = Math.max(sliceHours.least, hours / 2)
  }
}

/**
 * How far was read, and since when. The first time nothing was: Presence's first purchase is the beginning.
 */
async function readMark(db: Db): Promise<{ beganAt: Date; readTo: Date }> {
  const known = await db.selectFrom('movementsRead').select(['beganAt', 'readTo']).executeTakeFirst()
  const first = await db
    .selectFrom('purchases')
    .select((eb) => eb.fn.min('createdAt').as('createdAt'))
    .executeTakeFirst()
  const beganAt = addMinutes(first?.createdAt ?? now(), -overlapMinutes)
  // A purchase from before the mark is ours as well: the clock was moved back, or differs from another
  // machine's.
  if (known) return first?.createdAt && beganAt < known.beganAt ? { ...known, beganAt } : known
  await db
    .insertInto('movementsRead')
    .values({ beganAt, readTo: beganAt })
    .onConflict((conflict) => conflict.column('onlyOne').doNothing())
    .execute()
  return { beganAt, readTo: beganAt }
}

type Unread = { id: string; movement?: Movement }
const kind = 'read-movement'

/** Movements that failed before: the mark has moved past them, so each is fetched by its id. */
async function inQuarantine(db: Db): Promise<Unread[]> {
  return (await quarantinedKeys(db, kind)).map((id) => ({ id }))
}

async function followEach(ctx: Context, unread: Unread[], signal?: AbortSignal): Promise<void> {
  await eachAlone(ctx.db, unread, {
    kind,
    keyOf: ({ id }) => id,
    act: async ({ id, movement }) => followMovement(ctx, movement ?? (await fetchMovement(ctx.stripe, id))),
    taskFor: ({ id }, lastError) => ({
      kind: 'money_difference',
      sentence: `A movement at Stripe (${id}) cannot be read: ${lastError}. Please look it up in Stripe.`,
    }),
    isMoney: true,
    signal,
  })
}

async function followMovement(ctx: Context, movement: Movement): Promise<void> {
  const { origin } = movement
  const purchaseId = origin ? await findPurchase(ctx, origin) : undefined
  const isPaid = purchaseId ? await confirmIfUnpaid(ctx, purchaseId, origin) : false
  await inTransaction(ctx.db, async (tx) => {
    await recordMovement(tx, movement, purchaseId ?? null)
    if (purchaseId && isPaid) await enqueue(tx, 'follow-money', { purchaseId })
    // One that names no purchase of Presence belongs to something else on the same account.
    if (!purchaseId && isId(origin?.purchaseId ?? '')) await reportUnknown(tx, movement)
  })
}

async function withoutKnown(db: Db, listed: Movement[]): Promise<Unread[]> {
  const known = new Set<string>()
  for (let at = 0; at < listed.length; at += 1000) {
    const ids = listed.slice(at, at + 1000).map(({ id }) => id)
    const rows = await db.selectFrom('stripeMovements').select('id').where('id', 'in', ids).execute()
    for (const { id } of rows) known.add(id)
  }
  return listed.filter(({ id }) => !known.has(id)).map((movement) => ({ id: movement.id, movement }))
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
