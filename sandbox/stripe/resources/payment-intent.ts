import type { SandboxContext } from '../../core/provider.ts'
import { collection, save, unset } from '../wire/documents.ts'
import { newId, randomText } from '../wire/ids.ts'
import { equals, listing } from '../wire/listing.ts'
import { applyMetadata, metadata, type Metadata } from '../wire/metadata.ts'
import { operation } from '../wire/operation.ts'
import { clearable, text } from '../wire/params.ts'
import type { StripeError } from '../wire/refusal.ts'

export type PaymentIntent = ReturnType<typeof newPaymentIntent>
export const paymentIntents = collection<PaymentIntent>({
  object: 'payment_intent',
  prefix: 'pi',
  expandable: [
    'customer',
    'latest_charge',
    'payment_method',
    'application',
    'on_behalf_of',
    'review',
    'payment_record',
  ],
})
export type PaymentIntentTerms = {
  amount: number
  customer: string | null
  description: string | null
  metadata: Metadata
  receiptEmail: string | null
  statementDescriptor: string | null
  statementDescriptorSuffix: string | null
  transferGroup: string | null
}
type Status = 'requires_payment_method' | 'requires_action' | 'processing' | 'succeeded' | 'canceled'

export function newPaymentIntent(ctx: SandboxContext, terms: PaymentIntentTerms) {
  const id = newId('pi')
  return {
    id,
    object: 'payment_intent' as const,
    allowed_payment_method_types: unset<string[]>(),
    amount: terms.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: unset<string>(),
    application_fee_amount: unset<number>(),
    automatic_payment_methods: unset<{ enabled: boolean }>(),
    canceled_at: unset<number>(),
    cancellation_reason: unset<string>(),
    capture_method: 'automatic_async' as const,
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: 'automatic' as const,
    created: ctx.clock.seconds(),
    currency: 'aud',
    customer: terms.customer,
    customer_account: unset<string>(),
    description: terms.description,
    excluded_payment_method_types: unset<string[]>(),
    last_payment_error: unset<StripeError & { payment_method?: unknown }>(),
    latest_charge: unset<string>(),
    livemode: false as const,
    managed_payments: { enabled: false },
    metadata: terms.metadata,
    next_action: unset<{ type: 'use_stripe_sdk'; use_stripe_sdk: Record<string, string> }>(),
    on_behalf_of: unset<string>(),
    payment_method: unset<string>(),
    payment_method_configuration_details: unset<never>(),
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    payment_record: unset<string>(),
    processing: unset<never>(),
    receipt_email: terms.receiptEmail,
    review: unset<string>(),
    setup_future_usage: unset<string>(),
    shipping: unset<never>(),
    source: unset<string>(),
    statement_descriptor: terms.statementDescriptor,
    statement_descriptor_suffix: terms.statementDescriptorSuffix,
    status: 'requires_payment_method' as Status,
    transfer_data: unset<never>(),
    transfer_group: terms.transferGroup,
  }
}

export const paymentIntentOperations = [
  operation({
    name: 'payment_intents.retrieve',
    method: 'GET',
    path: '/v1/payment_intents/:id',
    params: { client_secret: text },
    act: ({ ctx, id }) => paymentIntents.load(ctx, id),
  }),
  operation({
    name: 'payment_intents.update',
    method: 'POST',
    path: '/v1/payment_intents/:id',
    params: { metadata, description: clearable(text) },
    act: ({ ctx, id, params }) => {
      const before = paymentIntents.load(ctx, id)
      const description = params.description === undefined ? before.description : params.description
      return save(ctx, { ...before, description, metadata: applyMetadata(before.metadata, params.metadata) })
    },
  }),
  listing({
    name: 'payment_intents.list',
    path: '/v1/payment_intents',
    of: paymentIntents,
    filters: { customer: text },
    matches: (intent, { customer }) => equals(intent.customer, customer),
  }),
]
