// What a refund does here: an unused session ends once all of it is refunded, earned money goes back to the
// member in the ledger, and the host's share follows. It runs in the caller's transaction; Stripe is asked
// later.
import type { Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { now } from '../../lib/time.ts'
import type { Currency } from '../../lib/money.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { changeBooking, lockBooking } from '../bookings/change-booking.ts'
import type { RefundSource } from './refund.ts'
import { leftOf, type RefundPart, refundParts } from './money-parts.ts'

export type NewRefund = {
  id: string
  amountCents: number
  reason: string
  source: RefundSource
  requestedBy?: string
  /** Refund this session only; without it whatever is left, unused sessions first. */
  bookingId?: string
  /** Already made at Stripe, by somebody in its dashboard. */
  made?: { refundId: string; status: 'pending' | 'succeeded' }
}

type Purchase = { id: string; memberId: string; currency: Currency }

/** The cents of a purchase that can still be refunded. The purchase must be locked. */
export async function leftToRefund(tx: Tx, purchaseId: string, bookingId?: string): Promise<number> {
  const bookings = await lockBookings(tx, purchaseId, bookingId)
  return bookings.reduce((sum, booking) => sum + leftOf(booking), 0)
}

/**
 * Records the refund and everything that follows from it here. Answers false, changing nothing, where less is
 * left.
 */
export async function applyRefund(tx: Tx, purchase: Purchase, refund: NewRefund): Promise<boolean> {
  const bookings = await lockBookings(tx, purchase.id, refund.bookingId)
  const parts = refundParts(bookings, refund.amountCents)
  if (!parts) return false
  await tx
    .insertInto('refunds')
    .values({
      id: refund.id,
      purchaseId: purchase.id,
      bookingId: refund.bookingId ?? null,
      amountCents: refund.amountCents,
      currency: purchase.currency,
      reason: refund.reason,
      source: refund.source,
      requestedBy: refund.requestedBy ?? null,
      status: 'requested',
      createdAt: now(),
    })
    .execute()
  for (const part of parts) await takePart(tx, purchase, refund.id, part)
  await closeIfAllRefunded(tx, purchase.id)
  await recordChanged(tx, 'Refunds', refund.id)
  await announce(tx, { topics: ['bookings', 'purchases'], memberId: purchase.memberId })
  return true
}

export async function lockBookings(tx: Tx, purchaseId: string, bookingId?: string) {
  let query = tx.selectFrom('bookings').selectAll().where('purchaseId', '=', purchaseId)
  if (bookingId) query = query.where('id', '=', bookingId)
  return query.orderBy('position').forUpdate().execute()
}

/** Takes one session's part of a refund that has a row already. */
export async function takePart(
  tx: Tx,
  purchase: Purchase,
  refundId: string,
  part: RefundPart,
): Promise<void> {
  const booking = (await lockBooking(tx, part.bookingId))!
  await tx
    .insertInto('refundParts')
    .values({ refundId, ...part })
    .execute()
  await countPart(tx, booking.id, part)
  const isEarned = booking.state === 'completed' || booking.state === 'expired'
  if (isEarned) {
    const hostCents = booking.state === 'completed' ? part.hostCents : 0
    await postEntries(tx, purchase, {
      kind: 'returned',
      key: `returned:${refundId}:${booking.id}`,
      bookingId: booking.id,
      hostId: booking.hostId,
      hostCents,
      platformCents: part.amountCents - hostCents,
    })
    if (booking.state === 'completed') await enqueue(tx, 'pay-host', { bookingId: booking.id })
  }
  const isUsedUp = leftOf(booking) === part.amountCents
  if (isUsedUp && !isEarned && booking.state !== 'cancelled') await changeBooking(tx, booking, 'refunded')
  else await recordChanged(tx, 'Presence Operations', booking.id)
  await announce(tx, { topics: ['host'], hostId: booking.hostId })
}

async function countPart(tx: Tx, bookingId: string, part: RefundPart): Promise<void> {
  await tx
    .updateTable('bookings')
    .set((eb) => ({
      refundedCents: eb('refundedCents', '+', part.amountCents),
      hostRefundedCents: eb('hostRefundedCents', '+', part.hostCents),
    }))
    .where('id', '=', bookingId)
    .execute()
}

export async function closeIfAllRefunded(tx: Tx, purchaseId: string): Promise<void> {
  const left = await tx
    .selectFrom('bookings')
    .select('id')
    .where('purchaseId', '=', purchaseId)
    .whereRef('refundedCents', '<', 'amountCents')
    .executeTakeFirst()
  if (!left)
    await tx
      .updateTable('purchases')
      .set({ status: 'refunded' })
      .where('id', '=', purchaseId)
      .where('status', '=', 'paid')
      .execute()
}
