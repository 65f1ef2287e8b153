// The host's share of one completed booking: at most one transfer, only after completion.
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { askOperator } from '../../db/operator-tasks.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { createTransfer, findTransfer } from '../../integrations/stripe.ts'
import { breakPoint } from '../../lib/break-point.ts'
import { ProviderError } from '../../lib/errors.ts'
import { addHours, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { postEntries } from '../purchases/post-entries.ts'

/** Stripe keeps idempotency keys for at least 24 hours; after this long the transfer is looked up first. */
const keyHours = 23

/** Records the payout, then transfers it if the host can be paid; a host who cannot yet, accumulates. */
export async function payHost(ctx: Context, bookingId: string): Promise<void> {
  const payout = await preparePayout(ctx.db, bookingId)
  if (!payout || payout.status !== 'scheduled') return
  const { purchase, accountId } = payout
  breakPoint('before-call:transfer')
  try {
    const isOld = now() > addHours(payout.createdAt, keyHours)
    const found = isOld ? await findTransfer(ctx.stripe, purchase.id, bookingId) : undefined
    const transfer =
      found ??
      (await createTransfer(ctx.stripe, {
        bookingId,
        purchaseId: purchase.id,
        amountCents: payout.amountCents,
        currency: payout.currency,
        accountId,
        chargeId: purchase.chargeId,
      }))
    breakPoint('after-call:transfer')
    await inTransaction(ctx.db, (tx) => recordTransfer(tx, bookingId, transfer.id))
    breakPoint('after-commit:transfer')
  } catch (error) {
    if (!(error instanceof ProviderError) || error.ambiguous || error.status === 429) throw error
    await inTransaction(ctx.db, (tx) => recordFailure(tx, bookingId, error.message))
  }
}

type PreparedPayout = {
  status: 'waiting_for_onboarding' | 'scheduled'
  amountCents: number
  currency: string
  createdAt: Date
  accountId: string
  purchase: { id: string; chargeId: string }
}

async function preparePayout(db: Db, bookingId: string): Promise<PreparedPayout | undefined> {
  return inTransaction(db, async (tx) => {
    const booking = await tx.selectFrom('bookings').selectAll().where('id', '=', bookingId).forUpdate().executeTakeFirst()
    if (!booking || booking.state !== 'completed' || booking.hostCents === 0) return undefined
    const purchase = await tx.selectFrom('purchases').select(['id', 'chargeId', 'currency']).where('id', '=', booking.purchaseId).executeTakeFirstOrThrow()
    const host = await tx.selectFrom('hosts').select(['stripeAccountId', 'canBePaid']).where('id', '=', booking.hostId).executeTakeFirstOrThrow()
    const status = host.stripeAccountId && host.canBePaid ? 'scheduled' : 'waiting_for_onboarding'
    await tx
      .insertInto('payouts')
      .values({
        bookingId,
        hostId: booking.hostId,
        purchaseId: purchase.id,
        amountCents: booking.hostCents,
        currency: purchase.currency,
        status,
        dueAt: now(),
        createdAt: now(),
      })
      .onConflict((conflict) => conflict.column('bookingId').doNothing())
      .execute()
    const payout = await tx.selectFrom('payouts').selectAll().where('bookingId', '=', bookingId).forUpdate().executeTakeFirstOrThrow()
    if (payout.status === 'paid' || payout.status === 'reversed' || payout.status === 'failed') return undefined
    if (payout.status !== status || booking.payoutStatus !== status) await setStatus(tx, bookingId, status)
    if (!purchase.chargeId || !host.stripeAccountId) return undefined
    return {
      status,
      amountCents: payout.amountCents,
      currency: payout.currency,
      createdAt: payout.createdAt,
      accountId: host.stripeAccountId,
      purchase: { id: purchase.id, chargeId: purchase.chargeId },
    }
  })
}

async function setStatus(tx: Tx, bookingId: string, status: 'waiting_for_onboarding' | 'scheduled' | 'failed'): Promise<void> {
  await tx.updateTable('payouts').set({ status }).where('bookingId', '=', bookingId).execute()
  await showPayout(tx, bookingId, status)
}

async function showPayout(tx: Tx, bookingId: string, payoutStatus: 'waiting_for_onboarding' | 'scheduled' | 'paid' | 'failed'): Promise<void> {
  const { hostId } = await tx
    .updateTable('bookings')
    .set({ payoutStatus })
    .where('id', '=', bookingId)
    .returning('hostId')
    .executeTakeFirstOrThrow()
  await recordChanged(tx, 'Presence Operations', bookingId)
  await announce(tx, { topics: ['host'], hostId })
}

async function recordTransfer(tx: Tx, bookingId: string, transferId: string): Promise<void> {
  const paid = await tx
    .updateTable('payouts')
    .set({ status: 'paid', transferId, paidAt: now() })
    .where('bookingId', '=', bookingId)
    .where('status', '=', 'scheduled')
    .returningAll()
    .executeTakeFirst()
  if (!paid) return
  await postEntries(tx, { id: paid.purchaseId, currency: paid.currency }, {
    kind: 'transferred',
    key: `transferred:${bookingId}`,
    bookingId,
    hostId: paid.hostId,
    hostCents: paid.amountCents,
  })
  await showPayout(tx, bookingId, 'paid')
}

async function recordFailure(tx: Tx, bookingId: string, reason: string): Promise<void> {
  await tx.updateTable('payouts').set({ failure: reason }).where('bookingId', '=', bookingId).execute()
  await setStatus(tx, bookingId, 'failed')
  await askOperator(tx, {
    key: `payout_failed:${bookingId}`,
    kind: 'payout_failed',
    bookingId,
    sentence: "Stripe refused to pay a host's share. Please look at the host's account in Stripe, then try the payout again.",
  })
}
