// Refunds to members.
import type Stripe from 'stripe'
import { asProviderError, listAll, type StripeClient } from './stripe.ts'

export type RefundFacts = { id: string; status: 'pending' | 'succeeded' | 'failed'; failure: string | null }
type OurRefund = {
  id: string
  purchaseId: string
  bookingId: string | null
  amountCents: number
  try: number
}

/** Refunds part of a charge, once per refund of ours and try. */
export async function createRefund(
  stripe: StripeClient,
  refund: OurRefund & { chargeId: string },
): Promise<RefundFacts> {
  const made = await asProviderError(() =>
    stripe.sdk.refunds.create(
      {
        charge: refund.chargeId,
        amount: refund.amountCents,
        metadata: {
          refund_id: refund.id,
          refund_try: String(refund.try),
          purchase_id: refund.purchaseId,
          ...(refund.bookingId ? { booking_id: refund.bookingId } : {}),
        },
      },
      { idempotencyKey: `refund:${refund.id}:${refund.try}` },
    ),
  )
  return refundFacts(made)
}

/** The refund that an earlier try made, by its metadata. */
export async function findRefund(
  stripe: StripeClient,
  chargeId: string,
  refund: OurRefund,
): Promise<RefundFacts | undefined> {
  const all = await listRefunds(stripe, chargeId)
  return all.find((one) => one.ourId === refund.id && one.ourTry === refund.try)
}

export type ChargeRefund = RefundFacts & {
  amountCents: number
  reason: string | null
  ourId: string | null
  ourTry: number | null
  createdAt: Date
}

export async function listRefunds(stripe: StripeClient, chargeId: string): Promise<ChargeRefund[]> {
  const all = await listAll(() => stripe.sdk.refunds.list({ charge: chargeId, limit: 100 }))
  return all.map((refund) => ({
    ...refundFacts(refund),
    amountCents: refund.amount,
    reason: refund.reason ?? null,
    ourId: refund.metadata?.['refund_id'] ?? null,
    ourTry: refund.metadata?.['refund_try'] ? Number(refund.metadata['refund_try']) : null,
    createdAt: new Date(refund.created * 1000),
  }))
}

function refundFacts(refund: Stripe.Refund): RefundFacts {
  const hasFailed = refund.status === 'failed' || refund.status === 'canceled'
  const status = refund.status === 'succeeded' ? 'succeeded' : hasFailed ? 'failed' : 'pending'
  return { id: refund.id, status, failure: refund.failure_reason ?? null }
}
