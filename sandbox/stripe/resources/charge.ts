import type { SandboxContext } from '../../core/provider.ts'
import { collection, save, unset } from '../wire/documents.ts'
import { newId } from '../wire/ids.ts'
import { equals, listing } from '../wire/listing.ts'
import { applyMetadata, metadata } from '../wire/metadata.ts'
import { operation } from '../wire/operation.ts'
import { clearable, text } from '../wire/params.ts'
import { emit } from './events.ts'
import type { PaymentIntent } from './payment-intent.ts'
import type { PaymentMethod } from './payment-method.ts'
import type { Decline } from './test-cards.ts'

export type Charge = ReturnType<typeof newCharge>
export const charges = collection<Charge>({
  object: 'charge',
  prefix: 'ch',
  expandable: [
    'balance_transaction',
    'customer',
    'payment_intent',
    'failure_balance_transaction',
    'application',
    'application_fee',
    'on_behalf_of',
    'review',
    'source_transfer',
  ],
})
type Attempt = {
  intent: PaymentIntent
  method: PaymentMethod
  decline?: Decline | undefined
  isAuthenticated?: boolean
  isPending?: boolean
}
type CardFacts = NonNullable<PaymentMethod['card']>

const outcomeOf = (decline: Decline | undefined) => ({
  advice_code: decline ? 'try_again_later' : unset<string>(),
  network_advice_code: unset<string>(),
  network_decline_code: decline ? '01' : unset<string>(),
  network_status: decline ? 'declined_by_network' : 'approved_by_network',
  reason: decline ? (decline.decline_code ?? decline.code) : unset<string>(),
  risk_level: 'normal',
  seller_message: decline
    ? 'The bank did not return any further details with this decline.'
    : 'Payment complete.',
  type: decline ? 'issuer_declined' : 'authorized',
})

const threeDSecure = {
  authentication_flow: 'challenge',
  electronic_commerce_indicator: '05',
  exemption_indicator: null,
  result: 'authenticated',
  result_reason: null,
  transaction_id: '5ab1d7f0-0d6e-4a0a-9b0e-5f0d4c1b2a39',
  version: '2.2.0',
}

const cardDetails = (card: CardFacts, { intent, isAuthenticated, decline }: Attempt) => ({
  amount_authorized: decline ? null : intent.amount,
  authorization_code: decline ? null : '123456',
  brand: card.brand,
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
  country: card.country,
  electronic_commerce_indicator: null,
  exp_month: card.exp_month,
  exp_year: card.exp_year,
  extended_authorization: { status: 'disabled' },
  fingerprint: card.fingerprint,
  funding: card.funding,
  incremental_authorization: { status: 'unavailable' },
  installments: null,
  last4: card.last4,
  mandate: null,
  multicapture: { status: 'unavailable' },
  network: card.brand,
  network_token: { used: false },
  network_transaction_id: '116810101010101',
  overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' },
  regulated_status: 'unregulated',
  three_d_secure: isAuthenticated ? threeDSecure : null,
  transaction_link_id: null,
  wallet: null,
})

const methodDetails = (attempt: Attempt) => ({
  ...(attempt.method.card && { card: cardDetails(attempt.method.card, attempt) }),
  ...(attempt.method.au_becs_debit && {
    au_becs_debit: { ...attempt.method.au_becs_debit, mandate: newId('mandate') },
  }),
  type: attempt.method.type,
})

export const receiptUrl = (ctx: SandboxContext, chargeId: string) =>
  `${ctx.baseUrl}/stripe/receipts/${chargeId}`

export function newCharge(ctx: SandboxContext, attempt: Attempt) {
  const { intent, method, decline, isPending } = attempt
  const id = newId('ch')
  return {
    id,
    object: 'charge' as const,
    amount: intent.amount,
    amount_captured: decline ? 0 : intent.amount,
    amount_refunded: 0,
    application: unset<string>(),
    application_fee: unset<string>(),
    application_fee_amount: unset<number>(),
    balance_transaction: unset<string>(),
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'PRESENCE SANDBOX' as string | null,
    captured: !decline,
    created: ctx.clock.seconds(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: unset<string>(),
    failure_code: decline ? decline.code : unset<string>(),
    failure_message: decline ? decline.message : unset<string>(),
    fraud_details: {},
    livemode: false as const,
    metadata: intent.metadata,
    on_behalf_of: unset<string>(),
    outcome: outcomeOf(decline),
    paid: !decline && !isPending,
    payment_intent: intent.id as string | null,
    payment_method: method.id as string | null,
    payment_method_details: methodDetails(attempt),
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: unset<string>(),
    receipt_url: decline || isPending ? unset<string>() : receiptUrl(ctx, id),
    refunded: false,
    review: unset<string>(),
    shipping: unset<never>(),
    source: unset<never>(),
    source_transfer: unset<string>(),
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: (decline ? 'failed' : isPending ? 'pending' : 'succeeded') as 'failed' | 'pending' | 'succeeded',
    transfer_data: unset<never>(),
    transfer_group: intent.transfer_group,
  }
}

export const chargeOperations = [
  operation({
    name: 'charges.retrieve',
    method: 'GET',
    path: '/v1/charges/:id',
    params: {},
    act: ({ ctx, id }) => charges.load(ctx, id),
  }),
  operation({
    name: 'charges.update',
    method: 'POST',
    path: '/v1/charges/:id',
    params: { metadata, description: clearable(text) },
    act: (call) => {
      const before = charges.load(call.ctx, call.id)
      const description = call.params.description === undefined ? before.description : call.params.description
      const after = save(call.ctx, {
        ...before,
        description,
        metadata: applyMetadata(before.metadata, call.params.metadata),
      })
      emit(call, 'charge.updated', after, { before })
      return after
    },
  }),
  listing({
    name: 'charges.list',
    path: '/v1/charges',
    of: charges,
    filters: { customer: text, payment_intent: text, transfer_group: text },
    matches: (charge, { customer, payment_intent: intent, transfer_group: group }) =>
      equals(charge.customer, customer) &&
      equals(charge.payment_intent, intent) &&
      equals(charge.transfer_group, group),
  }),
]
