import type { SandboxContext } from '../../core/provider.ts'
import { balanceTransactions, record } from '../resources/balance-transaction.ts'
import { charges, type Charge } from '../resources/charge.ts'
import { emit } from '../resources/events.ts'
import { refunds, newRefund, type Refund, type RefundReason } from '../resources/refund.ts'
import { testCard } from '../resources/test-cards.ts'
import { byItself, type Cause } from '../wire/cause.ts'
import { link, save } from '../wire/documents.ts'
import type { Metadata } from '../wire/metadata.ts'
import { impossible } from '../wire/refusal.ts'
import { inDollars } from './money.ts'

/** Card numbers by charge: the test card decides how a later refund ends. Only test cards, nothing secret. */
const cardKind = 'stripe.card_of_charge'
export const rememberCard = (ctx: SandboxContext, chargeId: string, cardNumber: string) =>
  ctx.store.put(cardKind, chargeId, cardNumber)

const settlesAfterMs = 3000

type RefundTerms = {
  /** All that is left by default. */ amountCents?: number | undefined
  reason: RefundReason | null
  metadata: Metadata
}

/** Refunds a charge or a part of it, with its balance transaction and events. */
export function refundCharge(
  cause: Cause,
  charge: Charge,
  { amountCents, reason, metadata }: RefundTerms,
): Refund {
  const { ctx } = cause
  if (!charge.paid)
    throw impossible(
      `Charge ${charge.id} is not refundable: it has failed.`,
      'charge',
      'charge_not_refundable',
    )
  if (charge.disputed)
    throw impossible(
      `Charge ${charge.id} has been charged back; cannot issue a refund.`,
      undefined,
      'charge_disputed',
    )
  if (charge.refunded)
    throw impossible(`Charge ${charge.id} has already been refunded.`, undefined, 'charge_already_refunded')
  const left = charge.amount - charge.amount_refunded
  const amount = amountCents ?? left
  if (amount > left) {
    throw impossible(
      `Refund amount (${inDollars(amount)}) is greater than unrefunded amount on charge (${inDollars(left)})`,
      'amount',
    )
  }

  const ends = testCard(ctx.store.get<string>(cardKind, charge.id) ?? '').refundEnds
  const refund = newRefund(ctx, charge, amount, ends === 'succeeded_late' ? 'pending' : 'succeeded', reason)
  const funds = charge.balance_transaction
    ? balanceTransactions.find(ctx, charge.balance_transaction)
    : undefined
  const entry = record(ctx, {
    type: 'refund',
    category: 'refund',
    amount: -amount,
    source: refund.id,
    description: `REFUND FOR CHARGE${charge.description ? ` (${charge.description})` : ''}`,
    availableOn: Math.max(funds?.available_on ?? 0, ctx.clock.seconds()),
  })
  const saved = save(ctx, { ...refund, metadata, balance_transaction: entry.id })
  link(ctx, charge.id, saved)
  emit(cause, 'refund.created', saved)
  const refundedCents = charge.amount_refunded + amount
  const after = save(ctx, {
    ...charge,
    amount_refunded: refundedCents,
    refunded: refundedCents === charge.amount,
  })
  emit(cause, 'charge.refunded', after, { before: charge })
  if (saved.status === 'succeeded') announce(cause, saved)
  if (ends) {
    const end = { refundId: refund.id, status: ends === 'failed_late' ? 'failed' : 'succeeded' }
    ctx.schedule('stripe', 'refund_ends', ctx.clock.now() + settlesAfterMs, end)
  }
  return saved
}

function announce(cause: Cause, refund: Refund, before?: Refund): void {
  emit(cause, 'refund.updated', refund, before && { before })
  emit(cause, 'charge.refund.updated', refund, before && { before })
}

/** Ends a refund later: succeeded, or sent back by the bank. */
export function endRefund(ctx: SandboxContext, refundId: string, status: 'succeeded' | 'failed'): Refund {
  return ctx.store.transaction(() => {
    const cause = byItself(ctx)
    const before = refunds.load(ctx, refundId)
    if (before.status === 'failed' || before.status === status) return before
    const { pending_reason: _ended, ...rest } = before
    if (status === 'succeeded') {
      const succeeded = save(ctx, { ...rest, status })
      announce(cause, succeeded, before)
      return succeeded
    }
    const back = record(ctx, {
      type: 'refund_failure',
      category: 'refund_failure',
      amount: before.amount,
      source: before.id,
      description: 'REFUND FAILURE',
    })
    const failed = save(ctx, {
      ...rest,
      status,
      failure_reason: 'expired_or_canceled_card',
      failure_balance_transaction: back.id,
    })
    const charge = charges.load(ctx, before.charge ?? '')
    save(ctx, { ...charge, amount_refunded: charge.amount_refunded - before.amount, refunded: false })
    emit(cause, 'refund.failed', failed, { before })
    announce(cause, failed, before)
    return failed
  })
}
