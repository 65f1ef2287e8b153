// Pays the host's share of one completed booking with at most one transfer, and reverses what is no longer
// owed (reverse-payout.ts). Idempotent: safe to run at any time, any number of times.
import { inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { closeOperatorTask } from '../../db/operator-tasks.ts'
import { isOtherAccount } from '../../db/service-accounts.ts'
import { isFinalRefusal } from '../../integrations/provider-error.ts'
import { replayedFailure } from '../../integrations/stripe.ts'
import { createTransfer, listTransfers } from '../../integrations/stripe-transfers.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { ProviderError } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import { lockBooking } from '../bookings/change-booking.ts'
import type { Context } from '../context.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { decidePayout, lockPayout, setPayout, type DecidedTransfer } from './decide-payout.ts'
import { owedFor } from './payout.ts'
import { lowBalance, recordRefusal } from './record-refusal.ts'
import { reversePayout } from './reverse-payout.ts'

/** Makes what the host has been paid for a booking equal what is owed: a transfer, a reversal, or nothing. */
export async function payHost(ctx: Context, bookingId: string): Promise<void> {
  // The accounts of hosts and the charges are another account's or mode's: nothing moves before that is settled.
  if (await isOtherAccount(ctx.db, 'stripe')) return
  const decided = await inTransaction(ctx.db, (tx) =>
    decidePayout(tx, bookingId, ctx.config.payoutDelayHours),
  )
  if (decided?.act === 'reverse') return reversePayout(ctx, decided)
  if (decided?.act === 'transfer') return transfer(ctx, decided)
}

async function transfer(ctx: Context, decided: DecidedTransfer): Promise<void> {
  const { payout, accountId, chargeId } = decided
  const { bookingId, purchaseId, amountCents, currency } = payout
  failpoint('before-call:transfer')
  try {
    const found = decided.isRepeat ? await findTransfer(ctx, purchaseId, bookingId) : undefined
    if (!found && !decided.mayCreate) return
    const made =
      found ??
      (await createTransfer(ctx.stripe, {
        bookingId,
        purchaseId,
        amountCents,
        currency,
        accountId,
        chargeId,
        try: payout.try,
      }))
    failpoint('after-call:transfer')
    await inTransaction(ctx.db, (tx) => recordTransfer(tx, bookingId, made.id))
    failpoint('after-commit:transfer')
  } catch (error) {
    // Stripe replays an earlier failure, and the transfer does not exist: only a new key can help.
    const isOver = error instanceof ProviderError && error.code === replayedFailure && decided.isRepeat
    if (isFinalRefusal(error) || isOver) await recordRefusal(ctx, decided, error)
    if (!isFinalRefusal(error)) throw error
  }
}

async function findTransfer(
  ctx: Context,
  purchaseId: string,
  bookingId: string,
): Promise<{ id: string } | undefined> {
  return (await listTransfers(ctx.stripe, purchaseId)).find((one) => one.bookingId === bookingId)
}

/** Records that a booking's transfer exists at Stripe. Answers false where another one is already known. */
export async function recordTransfer(tx: Tx, bookingId: string, transferId: string): Promise<boolean> {
  const booking = await lockBooking(tx, bookingId)
  const payout = await lockPayout(tx, bookingId)
  if (!booking || !payout) return false
  if (payout.status === 'paid_otherwise') return false
  if (payout.transferId) return payout.transferId === transferId
  await setPayout(tx, payout, {
    status: 'paid',
    transferId,
    paidAt: now(),
    triedAt: null,
    failure: null,
    try: 1,
  })
  await postEntries(
    tx,
    { id: payout.purchaseId, currency: payout.currency },
    {
      kind: 'transferred',
      key: `transferred:${bookingId}`,
      bookingId,
      hostId: payout.hostId,
      hostCents: payout.amountCents,
    },
  )
  await closeOperatorTask(tx, lowBalance, 'The balance covers transfers again.')
  // A refund was applied while Stripe was asked.
  if (payout.amountCents > owedFor(booking)) await enqueue(tx, 'pay-host', { bookingId })
  return true
}
