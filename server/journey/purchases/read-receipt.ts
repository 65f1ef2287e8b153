import type { Config } from '../../config.ts'
import type { Db } from '../../db/client.ts'
import { notFound } from '../../lib/errors.ts'
import type { Receipt } from './receipt-view.ts'
import { gstIn, isTaxInvoice } from './receipt.ts'
import { readTerms } from '../plans/terms.ts'

/** The receipt of a member's paid purchase, a tax invoice only with an ABN and GST. Refuses: not_found. */
export async function readReceipt(
  db: Db,
  seller: Config['seller'],
  member: { id: string; fullName: string },
  purchaseId: string,
): Promise<Receipt> {
  const purchase = await db
    .selectFrom('purchases')
    .selectAll()
    .where('id', '=', purchaseId)
    .where('memberId', '=', member.id)
    .executeTakeFirst()
  if (!purchase?.paidAt) throw notFound('receipt')
  const terms = readTerms(purchase.terms)
  const bookings = await db
    .selectFrom('bookings')
    .select('refundedCents')
    .where('purchaseId', '=', purchaseId)
    .execute()
  const refundedCents = bookings.reduce((sum, booking) => sum + booking.refundedCents, 0)
  return {
    number: purchase.id.slice(-12).toUpperCase(),
    isTaxInvoice: isTaxInvoice(seller),
    seller: { name: seller.name, abn: seller.abn || null },
    memberName: member.fullName,
    description: `${terms.plan}: ${terms.sessions === 1 ? '1 session' : `${terms.sessions} sessions`} of ${terms.sessionMinutes} minutes on video`,
    paidAt: purchase.paidAt.toISOString(),
    amountCents: purchase.amountCents,
    gstCents: gstIn(purchase.amountCents, seller),
    refundedCents,
    refundedGstCents: gstIn(refundedCents, seller),
    currency: purchase.currency,
    receiptUrl: purchase.receiptUrl,
  }
}
