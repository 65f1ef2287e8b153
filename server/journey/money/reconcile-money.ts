// Every few minutes the ledger is compared with Stripe's own list of movements, purchase by purchase. A
// discrepancy is followed once more; one that remains stops the payouts of its purchase.
import { sql } from 'kysely'
import { eachAlone } from '../../calls/each-alone.ts'
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { formatMoney } from '../../lib/money.ts'
import { addDays, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { refreshHostAccount } from '../payouts/refresh-host-account.ts'
import { followKind } from './follow-money.ts'
import { readMovements } from './read-movements.ts'
import { reportDiscrepancy } from './report-discrepancy.ts'

/** Stripe's list and our posting of a movement may be this far apart. */
const graceMinutes = 8
const windowDays = 5

/** Each part is done whatever becomes of the others; what the signal cuts short is done by the next job. */
export async function reconcileMoney(ctx: Context, signal?: AbortSignal): Promise<void> {
  const failures: unknown[] = []
  for (const part of [readMovements, followUnfinished, reportDiscrepancies, refreshWaitingHosts]) {
    if (signal?.aborted) break
    await part(ctx, signal).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}

type Discrepancy = {
  purchaseId: string
  oursCents: number
  theirsCents: number
  changedAt: Date
  followedAt: Date | null
  feeCents: number | null
}

/**
 * Purchases whose balance at Stripe differs between our ledger and Stripe's movements. Where something cannot
 * be followed, that is the cause and has a task of its own.
 */
async function findDiscrepancies(ctx: Context, from: Date): Promise<Discrepancy[]> {
  const { rows } = await sql<Discrepancy>`
    with changed as (
      select purchase_id from postings where posted_at >= ${from}
      union select purchase_id from stripe_movements where created_at >= ${from} and purchase_id is not null),
    ours as (
      select purchase_id, sum(amount_cents) as cents, max(posted_at) as changed_at
      from postings join ledger_entries on posting_id = postings.id and account = 'stripe_balance'
      where purchase_id in (select purchase_id from changed) group by purchase_id),
    theirs as (
      select purchase_id, sum(net_cents) as cents, max(seen_at) as changed_at
      from stripe_movements where purchase_id in (select purchase_id from changed) group by purchase_id)
    select purchases.id as purchase_id, coalesce(ours.cents, 0)::bigint as ours_cents, coalesce(theirs.cents, 0)::bigint as theirs_cents,
      greatest(ours.changed_at, theirs.changed_at) as changed_at, purchases.followed_at, purchases.fee_cents
    from purchases left join ours on ours.purchase_id = purchases.id left join theirs on theirs.purchase_id = purchases.id
    where purchases.id in (select purchase_id from changed)
      and not exists (
        select from quarantine where kind = ${followKind} and split_part(key, ':', 1) = purchases.id::text)
      and coalesce(ours.cents, 0) <> coalesce(theirs.cents, 0)`.execute(ctx.db)
  return rows
}

async function reportDiscrepancies(ctx: Context): Promise<void> {
  const time = now()
  const discrepancies = await findDiscrepancies(ctx, addDays(time, -windowDays))
  await inTransaction(ctx.db, async (tx) => {
    for (const found of discrepancies) {
      const wasFollowed = found.followedAt !== null && found.followedAt > found.changedAt
      // A charge whose fee is unknown may simply not be listed by Stripe yet.
      const isEarly =
        found.feeCents === null && found.theirsCents === 0 && found.changedAt > addDays(time, -1)
      const isRecent = found.changedAt > addMinutes(time, -graceMinutes)
      if (!wasFollowed || isRecent || isEarly) {
        await enqueue(tx, 'follow-money', { purchaseId: found.purchaseId })
        continue
      }
      const money = (cents: number) => formatMoney(cents, 'AUD')
      await reportDiscrepancy(tx, {
        purchaseId: found.purchaseId,
        // Named by its size, so that other movements of the purchase do not make it a second one.
        mark: `ledger:${found.theirsCents - found.oursCents}`,
        sentence: `For this purchase the ledger has ${money(found.oursCents)} at Stripe, and Stripe has ${money(found.theirsCents)}.`,
      })
    }
  })
}

/**
 * Follows purchases that are known to be unfinished: late fees, pending refunds, open disputes, and what
 * could not be followed before.
 */
async function followUnfinished(ctx: Context): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from purchases
    where status in ('paid', 'refunded') and (followed_at is null or followed_at < ${addMinutes(now(), -4)})
      and (fee_cents is null
        or exists (select from refunds where purchase_id = purchases.id and status = 'pending')
        or exists (select from disputes where purchase_id = purchases.id and status = 'open')
        or exists (
          select from quarantine where kind = ${followKind} and split_part(key, ':', 1) = purchases.id::text))
    order by followed_at nulls first limit 200`.execute(ctx.db)
  await inTransaction(ctx.db, async (tx) => {
    for (const { id } of rows) await enqueue(tx, 'follow-money', { purchaseId: id })
  })
}

/**
 * Refreshes hosts whose payouts wait for their account, and those in the middle of onboarding, in case the
 * webhook was lost. The one refreshed longest ago comes first.
 */
async function refreshWaitingHosts(ctx: Context, signal?: AbortSignal): Promise<void> {
  const resting = ctx.db
    .selectFrom('quarantine')
    .select(sql<string>`key::uuid`.as('id'))
    .where('kind', '=', 'refresh-host-account')
    .where('nextTryAt', '>', now())
  const waiting = await ctx.db
    .selectFrom('hosts')
    .select(['id', 'fullName', 'stripeAccountId'])
    .where('stripeAccountId', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('onboardingStatus', '=', 'started'),
        eb(
          'id',
          'in',
          eb.selectFrom('payouts').select('hostId').where('status', '=', 'waiting_for_onboarding'),
        ),
      ]),
    )
    .orderBy('updatedAt')
    .where('id', 'not in', resting)
    .limit(100)
    .execute()
  await eachAlone(ctx.db, waiting, {
    kind: 'refresh-host-account',
    keyOf: ({ id }) => id,
    act: async ({ stripeAccountId }) => void (await refreshHostAccount(ctx, stripeAccountId!)),
    taskFor: ({ id, fullName }, lastError) => ({
      kind: 'payout_failed',
      hostId: id,
      sentence: `The account of ${fullName} at Stripe cannot be read: ${lastError}. Their shares wait for it.`,
    }),
    isMoney: true,
    signal,
  })
}
