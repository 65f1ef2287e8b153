import type { Db } from '../../db/client.ts'
import { notFound } from '../../lib/errors.ts'
import type { Purchase } from './purchase-view.ts'

/** How a member's purchase stands. Refuses: not_found. */
export async function readPurchase(db: Db, memberId: string, purchaseId: string): Promise<Purchase> {
  const purchase = await db
    .selectFrom('purchases')
    .select(['id', 'status', 'plan', 'hostId', 'amountCents', 'currency'])
    .where('id', '=', purchaseId)
    .where('memberId', '=', memberId)
    .executeTakeFirst()
  if (!purchase) throw notFound('purchase')
  const bookings = await db
    .selectFrom('bookings')
    .select(['id', 'validUntil'])
    .where('purchaseId', '=', purchaseId)
    .orderBy('position')
    .execute()
  return {
    ...purchase,
    bookingIds: bookings.map((booking) => booking.id),
    validUntil: bookings[0]?.validUntil.toISOString() ?? null,
  }
}
