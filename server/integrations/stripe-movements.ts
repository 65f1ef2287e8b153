// Every movement of our Stripe balance, and the purchase that it belongs to.
import type Stripe from 'stripe'
import { asProviderError, listAll, type StripeClient, unlessMissing } from './stripe.ts'

/** The Stripe objects that a movement belongs to, as far as Stripe tells. */
export type MovementOrigin = {
  chargeId?: string
  paymentIntentId?: string
  transferId?: string
  purchaseId?: string
}

export type Movement = {
  id: string
  type: string
  sourceId: string | null
  netCents: number
  createdAt: Date
  /** Undefined where the movement concerns no purchase, like a payout to our own bank. */
  origin: MovementOrigin | undefined
}

/** Every movement from `from` on and, where given, before `to`; oldest first. */
export async function listMovements(stripe: StripeClient, from?: Date, to?: Date): Promise<Movement[]> {
  const created = {
    ...(from ? { gte: Math.floor(from.getTime() / 1000) } : {}),
    ...(to ? { lt: Math.ceil(to.getTime() / 1000) } : {}),
  }
  const all = await listAll(() =>
    stripe.sdk.balanceTransactions.list({ limit: 100, expand: ['data.source'], created }),
  )
  return all.reverse().map(movementOf)
}

export async function fetchMovement(stripe: StripeClient, id: string): Promise<Movement> {
  return movementOf(
    await asProviderError(() => stripe.sdk.balanceTransactions.retrieve(id, { expand: ['source'] })),
  )
}

function movementOf(entry: Stripe.BalanceTransaction): Movement {
  const source = entry.source && typeof entry.source === 'object' ? entry.source : null
  return {
    id: entry.id,
    type: entry.type,
    sourceId: source?.id ?? (typeof entry.source === 'string' ? entry.source : null),
    netCents: entry.net,
    createdAt: new Date(entry.created * 1000),
    origin: source ? originOf(source) : undefined,
  }
}

function originOf(source: Stripe.BalanceTransactionSource): MovementOrigin | undefined {
  switch (source.object) {
    case 'charge':
      return {
        chargeId: source.id,
        ...(source.payment_intent ? { paymentIntentId: idOf(source.payment_intent) } : {}),
        ...named('purchaseId', source.metadata['purchase_id'] ?? source.transfer_group),
      }
    case 'refund':
      return {
        ...named('chargeId', source.charge && idOf(source.charge)),
        ...named('purchaseId', source.metadata?.['purchase_id']),
      }
    case 'dispute':
      return { chargeId: idOf(source.charge) }
    case 'transfer':
      return { transferId: source.id, ...named('purchaseId', source.transfer_group) }
    case 'transfer_reversal':
      return { transferId: idOf(source.transfer) }
    default:
      return undefined
  }
}

const idOf = (linked: string | { id: string }) => (typeof linked === 'string' ? linked : linked.id)
const named = <Name extends string>(name: Name, value: string | null | undefined) =>
  value ? ({ [name]: value } as Record<Name, string>) : {}

export async function fetchTransferGroup(
  stripe: StripeClient,
  transferId: string,
): Promise<string | undefined> {
  const transfer = await unlessMissing(() => stripe.sdk.transfers.retrieve(transferId))
  return transfer?.transfer_group ?? undefined
}
