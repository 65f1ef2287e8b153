// Asks Stripe once for a refund that is owed, and records the result.
import { inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { closeOperatorTask, reopenOperatorTask } from '../../db/operator-tasks.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { isFinalRefusal } from '../../integrations/provider-error.ts'
import { keyOfAnother } from '../../integrations/stripe.ts'
import { createRefund, findRefund, type RefundFacts } from '../../integrations/stripe-refunds.ts'
import { failpoint } from '../../lib/failpoint.ts'
import type { Currency } from '../../lib/money.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { isNewer } from './refund.ts'

/** Makes the refund at Stripe, or finds the one that an earlier try made. */
export async function sendRefund(ctx: Context, refundId: string): Promise<void> {
  const started = await inTransaction(ctx.db, (tx) => startRefund(tx, refundId))
  if (!started) return
  const { refund, chargeId, isRepeat } = started
  failpoint('before-call:refund')
  try {
    const found = isRepeat ? await findRefund(ctx.stripe, chargeId, refund) : undefined
    const made = found ?? (await createRefund(ctx.stripe, { ...refund, chargeId }))
    failpoint('after-call:refund')
    await inTransaction(ctx.db, (tx) => recordRefund(tx, refund.id, made))
    failpoint('after-commit:refunded')
  } catch (error) {
    if (!isFinalRefusal(error)) throw error
    const found = error.code === keyOfAnother ? await findRefund(ctx.stripe, chargeId, refund) : undefined
    await inTransaction(ctx.db, (tx) =>
      found ? recordRefund(tx, refund.id, found) : recordRefusal(tx, refund.id, refund.try, error.message),
    )
  }
}

async function startRefund(tx: Tx, refundId: string) {
  const refund = await tx
    .selectFrom('refunds')
    .selectAll()
    .where('id', '=', refundId)
    .forUpdate()
    .executeTakeFirst()
  if (refund?.status !== 'requested') return undefined
  const { chargeId } = await tx
    .selectFrom('purchases')
    .select('chargeId')
    .where('id', '=', refund.purchaseId)
    .executeTakeFirstOrThrow()
  if (!chargeId) return undefined
  if (!refund.triedAt)
    await tx.updateTable('refunds').set({ triedAt: now() }).where('id', '=', refundId).execute()
  return { refund, chargeId, isRepeat: refund.triedAt !== null }
}

/** Records the state of this refund at Stripe: its money left, came back, or is on its way. Idempotent. */
export async function recordRefund(tx: Tx, refundId: string, made: RefundFacts): Promise<void> {
  const refund = await tx
    .selectFrom('refunds')
    .selectAll()
    .where('id', '=', refundId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  // A later answer may already have been recorded.
  if (refund.refundId === made.id && !isNewer(made.status, refund.status)) return
  const purchase = { id: refund.purchaseId, currency: refund.currency }
  await postEntries(tx, purchase, {
    kind: 'refunded',
    key: `refunded:${refund.id}:${made.id}`,
    amountCents: refund.amountCents,
  })
  if (made.status === 'failed') {
    await postEntries(tx, purchase, {
      kind: 'refund_failed',
      key: `refund_failed:${refund.id}:${made.id}`,
      amountCents: refund.amountCents,
    })
  }
  await tx
    .updateTable('refunds')
    .set({
      refundId: made.id,
      status: made.status,
      failure: made.failure,
      triedAt: null,
      settledAt: made.status === 'pending' ? null : now(),
    })
    .where('id', '=', refundId)
    .execute()
  if (made.status === 'failed') {
    await askOperatorAboutRefund(
      tx,
      refund,
      "The member's bank sent a refund back. Its money is with Presence again and still owed to the member.",
    )
  } else await closeOperatorTask(tx, `refund_failed:${refund.id}`, 'Refunded')
  await announceRefund(tx, refund)
}

async function recordRefusal(tx: Tx, refundId: string, tryNumber: number, failure: string): Promise<void> {
  const refund = await tx
    .updateTable('refunds')
    .set((eb) => ({ status: 'failed', failure, triedAt: null, try: eb('try', '+', 1), settledAt: now() }))
    .where('id', '=', refundId)
    .where('status', '=', 'requested')
    .where('try', '=', tryNumber)
    .returningAll()
    .executeTakeFirst()
  if (!refund) return
  await enqueue(tx, 'follow-money', { purchaseId: refund.purchaseId })
  await askOperatorAboutRefund(tx, refund, 'Stripe would not make a refund that is owed to a member.')
  await announceRefund(tx, refund)
}

type RefundRow = { id: string; purchaseId: string; bookingId: string | null; currency: Currency }

/** A refund is tried again only when an operator asks, so a second failure opens their task again. */
function askOperatorAboutRefund(tx: Tx, refund: RefundRow, what: string): Promise<void> {
  return reopenOperatorTask(tx, {
    key: `refund_failed:${refund.id}`,
    kind: 'refund_failed',
    purchaseId: refund.purchaseId,
    ...(refund.bookingId ? { bookingId: refund.bookingId } : {}),
    sentence: `${what} Try it again here, or refund it in Stripe's dashboard, which is noticed by itself.`,
  })
}

async function announceRefund(tx: Tx, refund: RefundRow): Promise<void> {
  const parts = await tx
    .selectFrom('refundParts')
    .innerJoin('bookings', 'bookings.id', 'refundParts.bookingId')
    .select(['bookings.id', 'bookings.memberId'])
    .where('refundId', '=', refund.id)
    .execute()
  await recordChanged(tx, 'Refunds', refund.id)
  for (const { id } of parts) await recordChanged(tx, 'Presence Operations', id)
  await announce(tx, { topics: ['ops'], forOperators: true })
  if (parts[0]) await announce(tx, { topics: ['bookings', 'purchases'], memberId: parts[0].memberId })
}
