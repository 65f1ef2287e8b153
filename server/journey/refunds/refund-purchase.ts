// An operator gives back any amount up to what is left. The intent is committed first; a job asks Stripe
// (send-refund.ts).
import { inTransaction, violatedConstraint } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { formatMoney } from '../../lib/money.ts'
import type { Context } from '../context.ts'
import { applyRefund, leftToRefund } from './apply-refund.ts'
import { lockPurchase, refuseIfDisputed } from './lock-purchase.ts'
import type { Refund } from './refund-view.ts'

export type OperatorRefund = {
  /** Dedupe key made by who asks: asking again after a lost answer is the same refund. */
  refundId?: string | undefined
  purchaseId: string
  bookingId?: string | undefined
  amountCents: number
  reason: string
  requestedBy: string
}

/**
 * Gives back any amount up to what is left of a purchase, or of one of its sessions. Refuses: not_found,
 * not_refundable, invalid_input.
 */
export async function refundPurchase(ctx: Context, input: OperatorRefund): Promise<Refund> {
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
  // Two purchases under one id at the same moment: the second insert violates the primary key.
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
