// The whole API: every resource's documents and operations, and how ids between them expand.
import type { SandboxContext } from '../core/provider.ts'
import { disputeOperations } from './acts/disputes.ts'
import { refundOperations } from './acts/refunds.ts'
import { transferReversalOperations } from './acts/transfer-reversals.ts'
import { transferOperations } from './acts/transfers.ts'
import { accountLinkOperations } from './resources/account-links.ts'
import { accounts } from './resources/account.ts'
import { accountOperations } from './resources/accounts.ts'
import { balanceTransactions } from './resources/balance-transaction.ts'
import { balanceOperations } from './resources/balance.ts'
import { chargeOperations, charges } from './resources/charge.ts'
import { checkoutSessions } from './resources/checkout-session.ts'
import { checkoutSessionOperations } from './resources/checkout-sessions.ts'
import { customerOperations, customers } from './resources/customers.ts'
import { disputes } from './resources/dispute.ts'
import { eventOperations, events } from './resources/events.ts'
import { lineItemsOf } from './resources/line-items.ts'
import { paymentIntentOperations, paymentIntents } from './resources/payment-intent.ts'
import { paymentMethods } from './resources/payment-method.ts'
import { paymentMethodDomainOperations, paymentMethodDomains } from './resources/payment-method-domains.ts'
import { platformOperations } from './resources/platform.ts'
import { refunds } from './resources/refund.ts'
import { transferReversals } from './resources/transfer-reversal.ts'
import { transfers } from './resources/transfer.ts'
import { webhookEndpointOperations, webhookEndpoints } from './resources/webhook-endpoints.ts'
import type { StripeDocument } from './wire/documents.ts'
import type { Expansion } from './wire/expand.ts'
import { included } from './wire/pagination.ts'

const collections = [
  accounts,
  balanceTransactions,
  charges,
  checkoutSessions,
  customers,
  disputes,
  events,
  paymentIntents,
  paymentMethodDomains,
  paymentMethods,
  refunds,
  transferReversals,
  transfers,
  webhookEndpoints,
]

/** Any document by its id alone. */
function findById(ctx: SandboxContext, id: string): StripeDocument | undefined {
  const prefix = id.slice(0, id.indexOf('_'))
  return collections.find((collection) => collection.prefix === prefix)?.find(ctx, id)
}

const expansion: Expansion = {
  findById,
  expandable: Object.fromEntries(collections.map(({ object, expandable }) => [object, expandable])),
  includable: {
    'charge.refunds': (ctx, id) => included(ctx, refunds, id, `/v1/charges/${id}/refunds`),
    'checkout.session.line_items': (ctx, id) => lineItemsOf(ctx, id, {}),
  },
}

export const operations = [
  ...customerOperations,
  ...checkoutSessionOperations,
  ...paymentIntentOperations,
  ...chargeOperations,
  ...balanceOperations,
  ...refundOperations,
  ...transferOperations,
  ...transferReversalOperations,
  ...platformOperations,
  ...accountOperations,
  ...paymentMethodDomainOperations,
  ...accountLinkOperations,
  ...webhookEndpointOperations,
  ...eventOperations,
  ...disputeOperations,
].map((operation) => operation(expansion))
