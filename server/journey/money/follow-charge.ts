// The charge of a purchase as Stripe has it: whether the money is there, and the fee, which may come late.
import type { Tx } from '../../db/client.ts'
import type { ChargeFacts } from '../../integrations/stripe-charges.ts'
import type { Currency } from '../../lib/money.ts'
import { releasePayouts } from '../payouts/release-payouts.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { reportDiscrepancy } from './report-discrepancy.ts'

type Purchase = {
  id: string
  amountCents: number
  currency: Currency
  feeCents: number | null
  receiptUrl: string | null
}

export async function followCharge(
  tx: Tx,
  purchase: Purchase,
  charge: ChargeFacts | undefined,
): Promise<void> {
  if (
    !charge?.isPaid ||
    charge.amountCents !== purchase.amountCents ||
    charge.currency !== purchase.currency
  ) {
    const took = charge?.isPaid ? `took ${charge.amountCents} ${charge.currency} cents` : 'took nothing'
    await reportDiscrepancy(tx, {
      purchaseId: purchase.id,
      mark: 'charge',
      sentence: `Presence counts a purchase of ${purchase.amountCents} ${purchase.currency} cents as paid, but Stripe ${took}.`,
    })
    return
  }
  if (charge.feeCents === null || purchase.feeCents !== null) return
  await postEntries(tx, purchase, { kind: 'fee', key: `fee:${purchase.id}`, feeCents: charge.feeCents })
  await tx
    .updateTable('purchases')
    .set({ feeCents: charge.feeCents, receiptUrl: charge.receiptUrl ?? purchase.receiptUrl })
    .where('id', '=', purchase.id)
    .execute()
  await releasePayouts(tx, purchase.id)
}
