// A session without a time can be refunded until it expires. The intent is committed first, Stripe is asked by a job.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { askOperator } from '../../db/operator-tasks.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { createRefund } from '../../integrations/stripe.ts'
import { breakPoint } from '../../lib/break-point.ts'
import { notFound, ProviderError, Refusal } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { canBeRefunded } from './booking.ts'
import { changeBooking, lockBooking } from './change-booking.ts'

/** Takes the session back and promises its part of the price. Refuses: not_refundable. */
export async function requestRefund(ctx: Context, input: { memberId: string; bookingId: string; reason: string }): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, input.bookingId)
    if (!booking || booking.memberId !== input.memberId) throw notFound('session')
    if (!canBeRefunded(booking.state, booking.validUntil, now())) {
      throw new Refusal('not_refundable', 'Only an unused session without a time can be refunded, until it expires.')
    }
    const purchase = await tx.selectFrom('purchases').select(['id', 'currency']).where('id', '=', booking.purchaseId).executeTakeFirstOrThrow()
    const refundId = newId()
    await changeBooking(tx, booking, 'refunded')
    await tx
      .insertInto('refunds')
      .values({
        id: refundId,
        purchaseId: purchase.id,
        bookingId: booking.id,
        amountCents: booking.amountCents,
        currency: purchase.currency,
        reason: input.reason,
        status: 'requested',
        createdAt: now(),
      })
      .execute()
    await recordChanged(tx, 'Refunds', refundId)
    await enqueue(tx, 'refund-booking', { bookingId: booking.id })
  })
  breakPoint('after-commit:refund')
}

/** Asks Stripe for a promised refund, once per booking, and posts it. */
export async function refundBooking(ctx: Context, bookingId: string): Promise<void> {
  const refund = await ctx.db.selectFrom('refunds').selectAll().where('bookingId', '=', bookingId).executeTakeFirst()
  if (!refund || refund.status !== 'requested') return
  const purchase = await ctx.db.selectFrom('purchases').selectAll().where('id', '=', refund.purchaseId).executeTakeFirstOrThrow()
  if (!purchase.chargeId) return
  try {
    const made = await createRefund(ctx.stripe, { bookingId, purchaseId: purchase.id, chargeId: purchase.chargeId, amountCents: refund.amountCents })
    await inTransaction(ctx.db, async (tx) => {
      await tx
        .updateTable('refunds')
        .set({ status: made.status, refundId: made.id, settledAt: made.status === 'pending' ? null : now() })
        .where('id', '=', refund.id)
        .where('status', '=', 'requested')
        .execute()
      await postEntries(tx, purchase, { kind: 'refunded', key: `refunded:${bookingId}`, bookingId, amountCents: refund.amountCents })
      const left = await tx
        .selectFrom('bookings')
        .select('id')
        .where('purchaseId', '=', purchase.id)
        .where('state', '!=', 'cancelled')
        .executeTakeFirst()
      if (!left) await tx.updateTable('purchases').set({ status: 'refunded' }).where('id', '=', purchase.id).execute()
      await recordChanged(tx, 'Refunds', refund.id)
      await recordChanged(tx, 'Presence Operations', bookingId)
      await announce(tx, { topics: ['bookings', 'purchases'], memberId: purchase.memberId })
    })
  } catch (error) {
    if (!(error instanceof ProviderError) || error.ambiguous) throw error
    await inTransaction(ctx.db, (tx) =>
      askOperator(tx, {
        key: `refund_failed:${bookingId}`,
        kind: 'refund_failed',
        bookingId,
        sentence: 'Stripe would not refund a cancelled session. Please refund it by hand in Stripe or another way.',
      }),
    )
  }
}
