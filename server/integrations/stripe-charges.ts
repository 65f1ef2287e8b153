// Charges as Stripe has them, and the disputes about them.
import { listAll, type StripeClient, unlessMissing } from './stripe.ts'

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
  /** Its balance transactions, signed: negative cents left our balance. None while it is an inquiry. */
  moves: { id: string; amountCents: number; feeCents: number }[]
  evidenceDueAt: Date | null
  openedAt: Date
}

/**
 * The disputes about a charge. Money comes and goes apart from the status, also after the close
 * (https://docs.stripe.com/api/disputes/object#dispute_object-balance_transactions).
 */
export async function listDisputes(stripe: StripeClient, chargeId: string): Promise<DisputeFacts[]> {
  const all = await listAll(() => stripe.sdk.disputes.list({ charge: chargeId, limit: 100 }))
  return all.map((dispute) => {
    const dueBy = dispute.evidence_details.due_by
    return {
      id: dispute.id,
      amountCents: dispute.amount,
      reason: dispute.reason,
      status: disputeStatus(dispute.status),
      moves: dispute.balance_transactions.map(({ id, amount, fee }) => ({
        id,
        amountCents: amount,
        feeCents: fee,
      })),
      evidenceDueAt: dueBy ? new Date(dueBy * 1000) : null,
      openedAt: new Date(dispute.created * 1000),
    }
  })
}

function disputeStatus(status: string): DisputeFacts['status'] {
  if (status === 'won' || status === 'warning_closed' || status === 'prevented') return 'won'
  return status === 'lost' ? 'lost' : 'open'
}
