// After a refund the host's part of it is reversed from the transfer. Reversals made in Stripe's dashboard
// are recorded like ours.
import { eachAlone } from '../../calls/each-alone.ts'
import { inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { addOperatorTask, type NewOperatorTask, reopenOperatorTask } from '../../db/operator-tasks.ts'
import { isFinalRefusal } from '../../integrations/provider-error.ts'
import { listTransfers, reverseTransfer, type TransferFacts } from '../../integrations/stripe-transfers.ts'
import { ProviderError } from '../../lib/errors.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { lockBooking } from '../bookings/change-booking.ts'
import type { Context } from '../context.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { type DecidedReversal, lockPayout, type PayoutRow, setPayout } from './decide-payout.ts'
import { owedFor } from './payout.ts'

/** Reverses of a payout what is no longer owed. A refusal quarantines it: one task, and ever rarer tries. */
export async function reversePayout(ctx: Context, decided: DecidedReversal): Promise<void> {
  await eachAlone(ctx.db, [decided], {
    kind: 'reverse-payout',
    keyOf: ({ payout }) => payout.bookingId,
    act: (one) => reverseExcess(ctx, one),
    taskFor: ({ payout }) => taskOf(payout),
    isMoney: true,
    isTransient: (error) => !isFinalRefusal(error),
  })
}

/** Reverses what the host holds beyond what is owed, after looking up what Stripe has already reversed. */
async function reverseExcess(ctx: Context, { payout, transferId }: DecidedReversal): Promise<void> {
  const { bookingId, purchaseId } = payout
  const facts = (await listTransfers(ctx.stripe, purchaseId)).find((one) => one.id === transferId)
  if (!facts)
    throw new ProviderError('stripe', `the transfer ${transferId} is not listed with its purchase`, {
      ambiguous: false,
    })
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
    if (isFinalRefusal(error))
      await inTransaction(ctx.db, (tx) => recordRefusal(tx, payout, excess.try, error.message))
    throw error
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
      hostId: payout.hostId,
      purchaseId: payout.purchaseId,
      sentence:
        "A host's share was taken back in Stripe although it is owed. Please decide with the host, and pay it there if it was a mistake.",
    })
  }
}

/** The next try gets a new key. An operator is told at once, and again where a resolved task did not help. */
async function recordRefusal(tx: Tx, decided: PayoutRow, tried: number, failure: string): Promise<void> {
  const { bookingId } = decided
  await lockBooking(tx, bookingId)
  const payout = await lockPayout(tx, bookingId)
  if (!payout || payout.try !== tried) return
  await setPayout(tx, payout, { try: tried + 1, failure })
  const isKnown = await tx
    .selectFrom('quarantine')
    .select('key')
    .where('kind', '=', 'reverse-payout')
    .where('key', '=', bookingId)
    .executeTakeFirst()
  if (!isKnown) await reopenOperatorTask(tx, { ...taskOf(payout), key: `reverse-payout:${bookingId}` })
}

function taskOf(payout: PayoutRow): Omit<NewOperatorTask, 'key'> {
  return {
    kind: 'payout_failed',
    bookingId: payout.bookingId,
    purchaseId: payout.purchaseId,
    hostId: payout.hostId,
    sentence:
      "After a refund Stripe would not take the host's part back. Please look at the host's account in Stripe, then try it again here.",
  }
}
