// Money that moves after the payment: refunds to members, transfers to hosts and back, and Stripe's own
// record of it.
import type Stripe from 'stripe'
import { asProviderError, type StripeClient, unlessMissing } from './stripe.ts'

export type NewTransfer = {
  bookingId: string
  purchaseId: string
  amountCents: number
  currency: string
  accountId: string
  chargeId: string
  /** Stripe replays a refusal for a day, so the key counts the tries that were definitely refused. */
  try: number
}

/** Pays a host's share of one booking. The key is the booking's, so there is at most one. */
export async function createTransfer(stripe: StripeClient, transfer: NewTransfer): Promise<{ id: string }> {
  const made = await asProviderError(() =>
    stripe.sdk.transfers.create(
      {
        amount: transfer.amountCents,
        currency: transfer.currency.toLowerCase(),
        destination: transfer.accountId,
        source_transaction: transfer.chargeId,
        transfer_group: transfer.purchaseId,
        metadata: { booking_id: transfer.bookingId, purchase_id: transfer.purchaseId },
      },
      { idempotencyKey: `transfer:${transfer.bookingId}:${transfer.try}` },
    ),
  )
  return { id: made.id }
}

export type TransferFacts = {
  id: string
  bookingId: string | null
  amountCents: number
  reversals: { id: string; amountCents: number }[]
}

/** Every transfer of a purchase, with what was taken back of each. */
export async function listTransfers(stripe: StripeClient, purchaseId: string): Promise<TransferFacts[]> {
  return asProviderError(async () => {
    const list = await stripe.sdk.transfers.list({ transfer_group: purchaseId, limit: 100 })
    return Promise.all(list.data.map((transfer) => withReversals(stripe, transfer)))
  })
}

async function withReversals(stripe: StripeClient, transfer: Stripe.Transfer): Promise<TransferFacts> {
  const { data } =
    transfer.amount_reversed > 0
      ? await stripe.sdk.transfers.listReversals(transfer.id, { limit: 100 })
      : { data: [] }
  return {
    id: transfer.id,
    bookingId: transfer.metadata['booking_id'] ?? null,
    amountCents: transfer.amount,
    reversals: data.map((reversal) => ({ id: reversal.id, amountCents: reversal.amount })),
  }
}

/**
 * Takes part of a transfer back. The key holds how much was back before, so that a repeat never takes it
 * twice.
 */
export async function reverseTransfer(
  stripe: StripeClient,
  reversal: {
    bookingId: string
    transferId: string
    amountCents: number
    reversedCents: number
    try: number
  },
): Promise<{ id: string }> {
  const made = await asProviderError(() =>
    stripe.sdk.transfers.createReversal(
      reversal.transferId,
      { amount: reversal.amountCents, metadata: { booking_id: reversal.bookingId } },
      { idempotencyKey: `reverse:${reversal.bookingId}:${reversal.reversedCents}:${reversal.try}` },
    ),
  )
  return { id: made.id }
}

export type RefundFacts = { id: string; status: 'pending' | 'succeeded' | 'failed'; failure: string | null }
type OurRefund = {
  id: string
  purchaseId: string
  bookingId: string | null
  amountCents: number
  try: number
}

/** Gives back part of a charge, once per refund of ours and try. */
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

/** The refund that an earlier try has made, by its metadata. */
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
  const { data } = await asProviderError(() => stripe.sdk.refunds.list({ charge: chargeId, limit: 100 }))
  return data.map((refund) => ({
    ...refundFacts(refund),
    amountCents: refund.amount,
    reason: refund.reason ?? null,
    ourId: refund.metadata?.['refund_id'] ?? null,
    ourTry: refund.metadata?.['refund_try'] ? Number(refund.metadata['refund_try']) : null,
    createdAt: new Date(refund.created * 1000),
  }))
}

function refundFacts(refund: Stripe.Refund): RefundFacts {
  const isOver = refund.status === 'failed' || refund.status === 'canceled'
  const status = refund.status === 'succeeded' ? 'succeeded' : isOver ? 'failed' : 'pending'
  return { id: refund.id, status, failure: refund.failure_reason ?? null }
}

export type DisputeFacts = {
  id: string
  amountCents: number
  reason: string
  status: 'open' | 'won' | 'lost'
  /** Taken from our balance, its fee, and what came back of both; all zero while it is only an inquiry. */
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
