import type { Tx } from '../../db/client.ts'
import { Refusal } from '../../lib/errors.ts'

/** The purchase, locked for any change of its money. Lock order: the purchase first, then its bookings. */
export function lockPurchase(tx: Tx, purchaseId: string) {
  return tx
    .selectFrom('purchases')
    .selectAll()
    .where('id', '=', purchaseId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** While a payment is disputed, and after a lost dispute, the bank decides. Refuses: not_refundable. */
export async function refuseIfDisputed(tx: Tx, purchaseId: string): Promise<void> {
  const dispute = await tx
    .selectFrom('disputes')
    .select('id')
    .where('purchaseId', '=', purchaseId)
    .where('status', 'in', ['open', 'lost'])
    .executeTakeFirst()
  if (dispute)
    throw new Refusal(
      'not_refundable',
      "This payment is disputed at the card's bank, so the bank decides about the money.",
    )
}
