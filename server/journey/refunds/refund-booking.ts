// A session without a time can be refunded by its member until it expires; an operator can give back any
// amount up to what is left. The intent is committed first, Stripe is asked by a job (send-refund.ts).
import { inTransaction, type Tx, violatedConstraint } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { formatMoney } from '../../lib/money.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { applyRefund, leftToRefund, lockPurchase } from './apply-refund.ts'
import { canBeRefunded } from '../bookings/booking.ts'
import { lockBooking } from '../bookings/change-booking.ts'
import { leftOf } from './money-parts.ts'

/** Takes the session back and promises its part of the price. Refuses: not_refundable. */
export async function requestRefund(
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

export type OperatorRefund = {
  /** Given by who asks, so that asking again after a lost answer is the same refund. */
  refundId?: string | undefined
  purchaseId: string
  bookingId?: string | undefined
  amountCents: number
  reason: string
  requestedBy: string
}

/**
 * Gives back any amount up to what is left of a purchase, or of one of its sessions. Refuses: not_refundable,
 * invalid_input.
 */
export async function refundAsOperator(ctx: Context, input: OperatorRefund): Promise<{ refundId: string }> {
  const refundId = input.refundId ?? newId()
  const refunding = inTransaction(ctx.db, async (tx) => {
    const purchase = await lockPurchase(tx, input.purchaseId)
    if (!purchase) throw notFound('purchase')
    const known = await tx
      .selectFrom('refunds')
      .select('purchaseId')
      .where('id', '=', refundId)
      .executeTakeFirst()
    if (known && known.purchaseId !== purchase.id) throw idOfAnother()
    if (known) return
    if (purchase.status !== 'paid')
      throw new Refusal('not_refundable', 'Nothing of this purchase is left to refund.')
    await refuseIfDisputed(tx, purchase.id)
    const { bookingId, amountCents, reason, requestedBy } = input
    const applied = await applyRefund(tx, purchase, {
      id: refundId,
      amountCents,
      reason,
      requestedBy,
      source: 'operator',
      ...(bookingId ? { bookingId } : {}),
    })
    if (!applied) {
      const left = formatMoney(await leftToRefund(tx, purchase.id, bookingId), purchase.currency)
      throw new Refusal('not_refundable', `Only ${left} is left to refund.`)
    }
    await enqueue(tx, 'send-refund', { refundId })
  })
  // Two purchases under one id at the same moment: the second one finds it taken only as it writes.
  await refunding.catch((error: unknown) => {
    throw violatedConstraint(error) === 'refunds_pkey' ? idOfAnother() : error
  })
  failpoint('after-commit:refund')
  return { refundId }
}

const idOfAnother = () =>
  new Refusal(
    'invalid_input',
    'This refund id belongs to a refund of another purchase. Please use a new one.',
  )

async function refuseIfDisputed(tx: Tx, purchaseId: string): Promise<void> {
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
