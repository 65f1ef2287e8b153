// The objects of the API as they lie in the store, by their `object` name.
import type { SandboxContext } from '../../core/provider.ts'
import type { Account } from '../resources/account.ts'
import type { BalanceTransaction } from '../resources/balance-transaction.ts'
import type { Charge } from '../resources/charge.ts'
import type { Session } from '../resources/checkout-session.ts'
import type { Customer } from '../resources/customers.ts'
import type { Dispute } from '../resources/dispute.ts'
import type { StripeEvent } from '../resources/events.ts'
import type { PaymentIntent } from '../resources/payment-intent.ts'
import type { PaymentMethod } from '../resources/payment-method.ts'
import type { Refund } from '../resources/refund.ts'
import { noSuch } from './refusal.ts'
import type { TransferReversal } from '../acts/transfer-reversals.ts'
import type { Transfer } from '../acts/transfers.ts'
import type { WebhookEndpoint } from '../resources/webhook-endpoints.ts'

export type Documents = {
  account: Account
  balance_transaction: BalanceTransaction
  charge: Charge
  'checkout.session': Session
  customer: Customer
  dispute: Dispute
  event: StripeEvent
  payment_intent: PaymentIntent
  payment_method: PaymentMethod
  refund: Refund
  transfer: Transfer
  transfer_reversal: TransferReversal
  webhook_endpoint: WebhookEndpoint
}
export type Kind = keyof Documents
export type StripeDocument = Documents[Kind]

const kindsByPrefix: Record<string, Kind> = {
  acct: 'account',
  txn: 'balance_transaction',
  ch: 'charge',
  cs: 'checkout.session',
  cus: 'customer',
  du: 'dispute',
  evt: 'event',
  pi: 'payment_intent',
  pm: 'payment_method',
  re: 'refund',
  tr: 'transfer',
  trr: 'transfer_reversal',
  we: 'webhook_endpoint',
}

/**
 * Pending money becomes available by the mere passing of time, so its status is worked out when it is read.
 */
function asOfNow<D extends StripeDocument>(ctx: SandboxContext, document: D): D {
  if (document.object !== 'balance_transaction') return document
  return { ...document, status: document.available_on <= ctx.clock.seconds() ? 'available' : 'pending' }
}

export function find<K extends Kind>(ctx: SandboxContext, kind: K, id: string): Documents[K] | undefined {
  const document = ctx.store.get<Documents[K]>(`stripe.${kind}`, id)
  return document && asOfNow(ctx, document)
}

/** The document, or Stripe's "No such ...": 404, or 400 when the id came as the parameter `param`. */
export function load<K extends Kind>(ctx: SandboxContext, kind: K, id: string, param?: string): Documents[K] {
  const document = find(ctx, kind, id)
  if (!document) throw noSuch(kind, id, param)
  return document
}

/** Any document by its id alone. */
export function findById(ctx: SandboxContext, id: string): StripeDocument | undefined {
  const kind = kindsByPrefix[id.slice(0, id.indexOf('_'))]
  return kind && find(ctx, kind, id)
}

/** Oldest first. */
export const all = <K extends Kind>(ctx: SandboxContext, kind: K): Documents[K][] =>
  ctx.store.list<Documents[K]>(`stripe.${kind}`).map((document) => asOfNow(ctx, document))

export function save<D extends StripeDocument>(ctx: SandboxContext, document: D): D {
  ctx.store.put(`stripe.${document.object}`, document.id, document)
  return document
}

/**
 * Remembers that `child` belongs to `parent`, so that a charge's transfers are found without reading all
 * transfers.
 */
export const link = (ctx: SandboxContext, parent: string, child: StripeDocument) =>
  ctx.store.put(`stripe.${child.object}.of.${parent}`, child.id, child.id)

/** The children of one kind, oldest first. */
export const linked = <K extends Kind>(ctx: SandboxContext, parent: string, kind: K): Documents[K][] =>
  ctx.store.list<string>(`stripe.${kind}.of.${parent}`).map((id) => load(ctx, kind, id))

/** Null today, a `T` one day: types a field of a freshly made document. */
export const unset = <T>(): T | null => null
