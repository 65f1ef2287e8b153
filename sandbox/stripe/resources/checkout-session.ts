import { daySeconds } from '../../core/durations.ts'
import type { SandboxContext } from '../../core/provider.ts'
import { collection, unset } from '../wire/documents.ts'
import { newSessionId, randomText } from '../wire/ids.ts'
import { applyMetadata, type Metadata } from '../wire/metadata.ts'
import type { CheckoutParams } from './checkout-params.ts'
import type { Address } from './customers.ts'

export type Session = ReturnType<typeof newSession>
export const checkoutSessions = collection<Session>({
  object: 'checkout.session',
  prefix: 'cs',
  expandable: ['customer', 'payment_intent', 'payment_link', 'setup_intent', 'subscription', 'invoice'],
})
type CustomerDetails = {
  address: Address | null
  business_name: string | null
  email: string | null
  individual_name: string | null
  name: string | null
  phone: string | null
  tax_exempt: 'none'
  tax_ids: never[]
}

/** A fresh open session over `totalCents`. */
export function newSession(ctx: SandboxContext, params: CheckoutParams, totalCents: number) {
  const id = newSessionId()
  const uiMode = params.ui_mode ?? 'hosted_page'
  const created = ctx.clock.seconds()
  const isHosted = uiMode === 'hosted_page'
  const clientSecret = isHosted ? null : `${id}_secret_${randomText(50)}`
  return {
    id,
    object: 'checkout.session' as const,
    adaptive_pricing: { enabled: params.adaptive_pricing?.enabled ?? false },
    after_expiration: unset<never>(),
    allow_promotion_codes: params.allow_promotion_codes ?? unset<boolean>(),
    allowed_payment_method_types: unset<string[]>(),
    amount_subtotal: totalCents as number | null,
    amount_total: totalCents as number | null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    client_secret: clientSecret,
    collected_information: unset<{ business_name: null; individual_name: null; shipping_details: null }>(),
    consent: unset<never>(),
    consent_collection: unset<never>(),
    created,
    currency: 'aud' as string | null,
    currency_conversion: unset<never>(),
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: params.customer ?? unset<string>(),
    customer_account: unset<string>(),
    customer_creation: params.customer ? null : (params.customer_creation ?? 'if_required'),
    customer_details: (params.customer_email
      ? emailOnly(params.customer_email)
      : null) as CustomerDetails | null,
    customer_email: params.customer_email ?? null,
    discounts: [],
    expires_at: params.expires_at ?? created + daySeconds,
    integration_identifier: params.integration_identifier ?? null,
    invoice: unset<string>(),
    invoice_creation: {
      enabled: false,
      invoice_data: {
        account_tax_ids: null,
        custom_fields: null,
        description: null,
        footer: null,
        issuer: null,
        metadata: {},
        rendering_options: null,
      },
    },
    livemode: false as const,
    locale: params.locale ?? null,
    managed_payments: { enabled: false },
    metadata: applyMetadata({}, params.metadata) as Metadata | null,
    mode: 'payment' as const,
    origin_context: params.origin_context ?? null,
    payment_intent: unset<string>(),
    payment_link: unset<string>(),
    payment_method_collection: 'if_required' as const,
    payment_method_configuration_details: unset<never>(),
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: params.payment_method_types ?? ['card'],
    payment_status: 'unpaid' as 'unpaid' | 'paid',
    permissions: unset<never>(),
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    recovered_from: unset<string>(),
    ...(uiMode === 'embedded_page' && {
      redirect_on_completion: params.redirect_on_completion ?? ('always' as const),
    }),
    ...(params.return_url && { return_url: params.return_url }),
    saved_payment_method_options: unset<never>(),
    setup_intent: unset<string>(),
    shipping_address_collection: unset<never>(),
    shipping_cost: unset<never>(),
    shipping_options: [],
    status: 'open' as 'open' | 'complete' | 'expired',
    submit_type: params.submit_type ?? null,
    subscription: unset<string>(),
    success_url: params.success_url ?? null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: uiMode,
    url: isHosted ? `${ctx.baseUrl}/stripe/checkout/${id}` : unset<string>(),
    wallet_options: unset<never>(),
  }
}

const emailOnly = (email: string): CustomerDetails => ({
  address: null,
  business_name: null,
  email,
  individual_name: null,
  name: null,
  phone: null,
  tax_exempt: 'none',
  tax_ids: [],
})
