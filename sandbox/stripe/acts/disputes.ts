// A dispute takes the money at once and costs a fee. The bank's decision and the money are separate: a won
// dispute closes first, and the money, not the fee, comes back later, perhaps in parts. Each movement is a
// balance transaction and an event of its own (https://docs.stripe.com/api/events/types).
import { dayMs } from '../../core/durations.ts'
import type { SandboxContext } from '../../core/provider.ts'
import { record } from '../resources/balance-transaction.ts'
import { charges } from '../resources/charge.ts'
import {
  disputes,
  newDispute,
  evidenceNames,
  type Dispute,
  type DisputeReason,
} from '../resources/dispute.ts'
import { emit } from '../resources/events.ts'
import { byItself, type Cause } from '../wire/cause.ts'
import { save } from '../wire/documents.ts'
import { equals, listing } from '../wire/listing.ts'
import { applyMetadata, metadata } from '../wire/metadata.ts'
import { operation } from '../wire/operation.ts'
import { boolean, clearable, object, text } from '../wire/params.ts'
import { impossible } from '../wire/refusal.ts'
import { disputeFeeCents } from './money.ts'

/** A won dispute's money comes back this much later. */
const reinstatedAfterMs = 2 * dayMs

/** Opens a dispute: the member's bank takes the charge back. */
export function openDispute(ctx: SandboxContext, chargeId: string, reason: DisputeReason): void {
  ctx.store.transaction(() => {
    const cause = byItself(ctx)
    const charge = charges.load(ctx, chargeId)
    if (charge.disputed || charge.refunded) return
    const dispute = save(ctx, newDispute(ctx, charge, reason))
    const after = save(ctx, { ...charge, disputed: true })
    emit(cause, 'charge.dispute.created', dispute)
    emit(cause, 'charge.updated', after, { before: charge })
    moveFunds(cause, dispute, -charge.amount, disputeFeeCents)
  })
}

/**
 * Moves money of a dispute, open or closed: negative cents leave the platform's balance, positive ones come
 * back. Its status says nothing about it.
 */
export function moveFunds(cause: Cause, dispute: Dispute, amount: number, fee = 0): Dispute {
  const { ctx } = cause
  const isBack = amount > 0
  const entry = record(ctx, {
    type: 'adjustment',
    category: isBack ? 'dispute_reversal' : 'dispute',
    amount,
    fee,
    feeDescription: 'Dispute fee',
    source: dispute.id,
    description: `Chargeback ${isBack ? 'reversal' : 'withdrawal'} for ${dispute.charge}`,
  })
  const saved = save(ctx, { ...dispute, balance_transactions: [...dispute.balance_transactions, entry] })
  emit(cause, isBack ? 'charge.dispute.funds_reinstated' : 'charge.dispute.funds_withdrawn', saved)
  return saved
}

/** Reinstates what a dispute still withholds, if anything. */
export function reinstateRest(cause: Cause, disputeId: string): Dispute {
  const dispute = disputes.load(cause.ctx, disputeId)
  const withheld = dispute.balance_transactions.reduce((sum, entry) => sum - entry.amount, 0)
  return withheld > 0 ? moveFunds(cause, dispute, withheld) : dispute
}

/** Closes a dispute: the bank decided, or the platform accepted it. Money of a won one comes back later. */
export function closeDispute(cause: Cause, dispute: Dispute, outcome: 'won' | 'lost'): Dispute {
  if (dispute.status === 'won' || dispute.status === 'lost')
    throw impossible(`This dispute is already closed: it has been ${dispute.status}.`)
  return decideDispute(cause, dispute, outcome)
}

/** The bank decides, or decides otherwise than before. */
export function decideDispute(cause: Cause, dispute: Dispute, outcome: 'won' | 'lost'): Dispute {
  const { ctx } = cause
  const closed: Dispute = save(ctx, { ...dispute, status: outcome })
  if (outcome === 'won')
    ctx.schedule('stripe', 'reinstate', ctx.clock.now() + reinstatedAfterMs, { disputeId: dispute.id })
  emit(cause, 'charge.dispute.closed', closed, { before: dispute })
  return closed
}

const evidence = object(Object.fromEntries(evidenceNames.map((name) => [name, clearable(text)])))

export const disputeOperations = [
  operation({
    name: 'disputes.retrieve',
    method: 'GET',
    path: '/v1/disputes/:id',
    params: {},
    act: ({ ctx, id }) => disputes.load(ctx, id),
  }),
  operation({
    name: 'disputes.update',
    method: 'POST',
    path: '/v1/disputes/:id',
    params: { evidence, metadata, submit: boolean },
    act: (call) => {
      const { ctx, params } = call
      const before = disputes.load(ctx, call.id)
      if (before.status !== 'needs_response' && params.evidence)
        throw impossible('This dispute is already under review or closed.')
      const isSubmitted = params.evidence !== undefined && params.submit !== false
      const after: Dispute = {
        ...before,
        evidence: { ...before.evidence, ...params.evidence },
        evidence_details: {
          ...before.evidence_details,
          has_evidence: before.evidence_details.has_evidence || params.evidence !== undefined,
          submission_count: before.evidence_details.submission_count + (isSubmitted ? 1 : 0),
          submission_method: isSubmitted ? 'manual' : before.evidence_details.submission_method,
        },
        metadata: applyMetadata(before.metadata, params.metadata),
        status: isSubmitted ? 'under_review' : before.status,
      }
      save(ctx, after)
      emit(call, 'charge.dispute.updated', after, { before })
      // Stripe's test mode decides a dispute by these texts.
      const words = params.evidence?.['uncategorized_text']
      if (isSubmitted && words === 'winning_evidence') return closeDispute(call, after, 'won')
      if (isSubmitted && words === 'losing_evidence') return closeDispute(call, after, 'lost')
      return after
    },
  }),
  operation({
    name: 'disputes.close',
    method: 'POST',
    path: '/v1/disputes/:id/close',
    params: {},
    act: (call) => closeDispute(call, disputes.load(call.ctx, call.id), 'lost'),
  }),
  listing({
    name: 'disputes.list',
    path: '/v1/disputes',
    of: disputes,
    filters: { charge: text, payment_intent: text },
    matches: (dispute, { charge, payment_intent: intent }) =>
      equals(dispute.charge, charge) && equals(dispute.payment_intent, intent),
  }),
]
