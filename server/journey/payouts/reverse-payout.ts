// After a refund the host's part of it is reversed from the transfer. Reversals made in Stripe's dashboard
// are recorded like ours.
import { inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { isFinalRefusal } from '../../integrations/provider-error.ts'
import { listTransfers, reverseTransfer, type TransferFacts } from '../../integrations/stripe-transfers.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { lockBooking } from '../bookings/change-booking.ts'
import type { Context } from '../context.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { type DecidedReversal, lockPayout, setPayout } from './decide-payout.ts'
import { owedFor } from './payout.ts'

/** Reverses what the host holds beyond what is owed, after looking up what Stripe has already reversed. */
export async function reversePayout(ctx: Context, { payout, transferId }: DecidedReversal): Promise<void> {
  const { bookingId, purchaseId } = payout
  const facts = (await listTransfers(ctx.stripe, purchaseId)).find((one) => one.id === transferId)
  if (!facts) throw new Error(`Stripe does not list the transfer ${transferId} with its purchase`)
  const excess = await inTransaction(ctx.db, async (tx) => {
    await recordReversals(tx, bookingId, facts)
    return excessOf(tx, bookingId)
  })
  if (!excess) return
  failpoint('before-call:reverse')
  try {
    const made = await reverseTransfer(ctx.stripe, { bookingId, transferId, ...excess })
    failpoint('after-call:reverse')
    const reversals = [...facts.reversals, { id: made.id, amountCents: excess.amountCents }]
    await inTransaction(ctx.db, (tx) => recordReversals(tx, bookingId, { ...facts, reversals }))
    failpoint('after-commit:reverse')
  } catch (error) {
    if (!isFinalRefusal(error)) throw error
    await inTransaction(ctx.db, (tx) => recordRefusal(tx, bookingId, excess.try, error.message))
  }
}

async function excessOf(
  tx: Tx,
  bookingId: string,
): Promise<{ amountCents: number; reversedCents: number; try: number } | undefined> {
  const booking = await lockBooking(tx, bookingId)
  const payout = await lockPayout(tx, bookingId)
  if (!booking || !payout || payout.status === 'failed') return undefined
  const amountCents = payout.amountCents - payout.reversedCents - owedFor(booking)
  return amountCents > 0 ? { amountCents, reversedCents: payout.reversedCents, try: payout.try } : undefined
}

/** Records every reversal of a booking's transfer that is not yet known. Idempotent, in any order. */
export async function recordReversals(tx: Tx, bookingId: string, facts: TransferFacts): Promise<void> {
  const booking = await lockBooking(tx, bookingId)
  const payout = await lockPayout(tx, bookingId)
  if (!booking || !payout || payout.transferId !== facts.id) return
  let added = 0
  for (const reversal of facts.reversals) {
    const isNew = await postEntries(
      tx,
      { id: payout.purchaseId, currency: payout.currency },
      {
        kind: 'reversed',
        key: `reversed:${bookingId}:${reversal.id}`,
        bookingId,
        hostId: payout.hostId,
        amountCents: reversal.amountCents,
      },
    )
    if (isNew) added += reversal.amountCents
  }
  if (added === 0) return
  const reversedCents = payout.reversedCents + added
  const heldCents = payout.amountCents - reversedCents
  await setPayout(tx, payout, {
    reversedCents,
    try: 1,
    ...(heldCents === 0 ? { status: 'reversed' as const } : {}),
  })
  if (heldCents > owedFor(booking)) await enqueue(tx, 'pay-host', { bookingId })
  if (heldCents < owedFor(booking)) {
    await addOperatorTask(tx, {
      key: `reversed_outside:${bookingId}:${reversedCents}`,
      kind: 'payout_failed',
      bookingId,
      sentence:
        "A host's share was taken back in Stripe although it is owed. Please decide with the host, and pay it there if it was a mistake.",
    })
  }
}

async function recordRefusal(tx: Tx, bookingId: string, tried: number, failure: string): Promise<void> {
  await lockBooking(tx, bookingId)
  const payout = await lockPayout(tx, bookingId)
  if (!payout || payout.try !== tried) return
  await setPayout(tx, payout, { try: tried + 1, failure })
  await addOperatorTask(tx, {
    key: `reversal_failed:${bookingId}:${payout.reversedCents}:${tried}`,
    kind: 'payout_failed',
    bookingId,
    sentence:
      "After a refund Stripe would not take the host's part back. Please look at the host's account in Stripe, then try it again here.",
  })
}
