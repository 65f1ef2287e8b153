// Charges as Stripe has them, and the disputes about them.
import type Stripe from 'stripe'
import { asProviderError, type StripeClient, unlessMissing } from './stripe.ts'

export type ChargeFacts = {
  isPaid: boolean
  amountCents: number
  currency: string
  feeCents: number | null
  receiptUrl: string | null
}

/** The charge as Stripe has it now. Undefined where Stripe does not have it. */
export async function fetchCharge(stripe: StripeClient, chargeId: string): Promise<ChargeFacts | undefined> {
  const charge = await unlessMissing(() =>
    stripe.sdk.charges.retrieve(chargeId, { expand: ['balance_transaction'] }),
  )
  if (!charge) return undefined
  const balance = typeof charge.balance_transaction === 'object' ? charge.balance_transaction : null
  return {
    isPaid: charge.paid && charge.status === 'succeeded',
    amountCents: charge.amount,
    currency: charge.currency.toUpperCase(),
    feeCents: balance?.fee ?? null,
    receiptUrl: charge.receipt_url,
  }
}

export type DisputeFacts = {
  id: string
  amountCents: number
  reason: string
  status: 'open' | 'won' | 'lost'
  /** Withdrawn from our balance, the fee, and what came back of both; all zero while it is an inquiry. */
  withdrawnCents: number
  feeCents: number
  recoveredCents: number
  feeBackCents: number
  evidenceDueAt: Date | null
  openedAt: Date
}

export async function listDisputes(stripe: StripeClient, chargeId: string): Promise<DisputeFacts[]> {
  const { data } = await asProviderError(() => stripe.sdk.disputes.list({ charge: chargeId, limit: 100 }))
  return data.map((dispute) => {
    const moves = dispute.balance_transactions
    const sum = (of: (move: Stripe.BalanceTransaction) => number) =>
      moves.reduce((total, move) => total + Math.max(0, of(move)), 0)
    const dueBy = dispute.evidence_details.due_by
    return {
      id: dispute.id,
      amountCents: dispute.amount,
      reason: dispute.reason,
      status: disputeStatus(dispute.status),
      withdrawnCents: sum((move) => -move.amount),
      feeCents: sum((move) => move.fee),
      recoveredCents: sum((move) => move.amount),
      feeBackCents: sum((move) => -move.fee),
      evidenceDueAt: dueBy ? new Date(dueBy * 1000) : null,
      openedAt: new Date(dispute.created * 1000),
    }
  })
}

function disputeStatus(status: string): DisputeFacts['status'] {
  if (status === 'won' || status === 'warning_closed' || status === 'prevented') return 'won'
  return status === 'lost' ? 'lost' : 'open'
}
