// Transfers of hosts' shares to their connected accounts, and reversals of them.
import type Stripe from 'stripe'
import { asProviderError, listAll, type StripeClient } from './stripe.ts'

export type NewTransfer = {
  bookingId: string
  purchaseId: string
  amountCents: number
  currency: string
  accountId: string
  chargeId: string
  /** Stripe replays a refusal for a day, so the key contains the number of definite refusals. */
  try: number
}

/** Pays a host's share of one booking. The booking's id is in the key, so there is at most one transfer. */
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

/** Every transfer of a purchase, with its reversals. */
export async function listTransfers(stripe: StripeClient, purchaseId: string): Promise<TransferFacts[]> {
  const all = await listAll(() => stripe.sdk.transfers.list({ transfer_group: purchaseId, limit: 100 }))
  return Promise.all(all.map((transfer) => withReversals(stripe, transfer)))
}

async function withReversals(stripe: StripeClient, transfer: Stripe.Transfer): Promise<TransferFacts> {
  const reversals =
    transfer.amount_reversed > 0
      ? await listAll(() => stripe.sdk.transfers.listReversals(transfer.id, { limit: 100 }))
      : []
  return {
    id: transfer.id,
    bookingId: transfer.metadata['booking_id'] ?? null,
    amountCents: transfer.amount,
    reversals: reversals.map((reversal) => ({ id: reversal.id, amountCents: reversal.amount })),
  }
}

/** Reverses part of a transfer. The key contains the sum reversed before, so no repeat reverses it twice. */
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
