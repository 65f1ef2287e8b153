// Compares Stripe's transfers with our payouts, in both directions.
import type { Tx } from '../../db/client.ts'
import type { TransferFacts } from '../../integrations/stripe-transfers.ts'
import { addMinutes } from '../../lib/time.ts'
import { recordTransfer } from '../payouts/pay-host.ts'
import { reportDiscrepancy } from './report-discrepancy.ts'
import { recordReversals } from '../payouts/reverse-payout.ts'

export async function followTransfers(
  tx: Tx,
  purchase: { id: string },
  facts: TransferFacts[],
): Promise<void> {
  const payouts = await tx.selectFrom('payouts').selectAll().where('purchaseId', '=', purchase.id).execute()
  for (const fact of facts) {
    const payout = payouts.find((row) => row.bookingId === fact.bookingId)
    // Ours, though its answer may have been lost: record it now.
    const isOurs =
      payout &&
      (payout.transferId === null
        ? payout.triedAt !== null && payout.amountCents === fact.amountCents
        : payout.transferId === fact.id)
    if (!payout || !isOurs || !(await recordTransfer(tx, payout.bookingId, fact.id))) {
      await reportDiscrepancy(tx, {
        purchaseId: purchase.id,
        mark: `transfer:${fact.id}`,
        sentence: `Stripe has a transfer of ${fact.amountCents} cents for this purchase that Presence did not make.`,
      })
      continue
    }
    await recordReversals(tx, payout.bookingId, fact)
  }
}

/** `since` is when Stripe was asked: its answer cannot hold a payout recorded later. */
export async function reportMissing(
  tx: Tx,
  purchase: { id: string },
  listed: string[],
  since: Date,
): Promise<void> {
  const payouts = await tx.selectFrom('payouts').selectAll().where('purchaseId', '=', purchase.id).execute()
  for (const payout of payouts) {
    const isOld = payout.paidAt && payout.paidAt < addMinutes(since, -1)
    if (!payout.transferId || !isOld || listed.includes(payout.transferId)) continue
    await reportDiscrepancy(tx, {
      purchaseId: purchase.id,
      mark: `missing:${payout.transferId}`,
      sentence: "Presence counts a host's share as transferred, but Stripe does not have that transfer.",
    })
  }
}
