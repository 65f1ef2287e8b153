// A member takes back a session without a time, until it expires. The intent is committed first; a job asks
// Stripe (send-refund.ts).
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { now } from '../../lib/time.ts'
import { canBeRefunded } from '../bookings/booking.ts'
import { lockBooking } from '../bookings/change-booking.ts'
import type { Context } from '../context.ts'
import { applyRefund } from './apply-refund.ts'
import { lockPurchase, refuseIfDisputed } from './lock-purchase.ts'
import { leftOf } from './money-parts.ts'

/** Ends the session and refunds its part of the price. Refuses: not_found, not_refundable. */
export async function refundBooking(
  ctx: Context,
  input: { memberId: string; bookingId: string; reason: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const found = await tx
      .selectFrom('bookings')
      .select('purchaseId')
      .where('id', '=', input.bookingId)
      .where('memberId', '=', input.memberId)
      .executeTakeFirst()
    if (!found) throw notFound('session')
    const purchase = (await lockPurchase(tx, found.purchaseId))!
    const booking = (await lockBooking(tx, input.bookingId))!
    if (!canBeRefunded(booking.state, booking.validUntil, now())) {
      throw new Refusal(
        'not_refundable',
        'Only an unused session without a time can be refunded, until it expires.',
      )
    }
    await refuseIfDisputed(tx, purchase.id)
    const refund = {
      id: newId(),
      bookingId: booking.id,
      amountCents: leftOf(booking),
      reason: input.reason,
      source: 'member' as const,
    }
    await applyRefund(tx, purchase, refund)
    await enqueue(tx, 'send-refund', { refundId: refund.id })
  })
  failpoint('after-commit:refund')
}
