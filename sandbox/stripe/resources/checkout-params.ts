// What `POST /v1/checkout/sessions` takes, and the rules between its parameters.
import { daySeconds, minuteSeconds } from '../../core/durations.ts'
import type { SandboxContext } from '../../core/provider.ts'
import { metadata } from '../wire/metadata.ts'
import {
  boolean,
  currency,
  ignored,
  integer,
  list,
  object,
  oneOf,
  text,
  url,
  type Values,
} from '../wire/params.ts'
import { invalid, missingParam, notCovered } from '../wire/refusal.ts'
import { customers } from './customers.ts'
import { lineItemParams } from './line-items.ts'

const paymentIntentData = {
  description: text,
  metadata,
  receipt_email: text,
  statement_descriptor: text,
  statement_descriptor_suffix: text,
  transfer_group: text,
  capture_method: oneOf('automatic', 'automatic_async'),
  setup_future_usage: oneOf('on_session', 'off_session'),
}

export const checkoutParams = {
  mode: oneOf('payment', 'setup', 'subscription'),
  ui_mode: oneOf('elements', 'embedded_page', 'form', 'hosted_page'),
  line_items: list(object(lineItemParams)),
  return_url: url,
  redirect_on_completion: oneOf('always', 'if_required', 'never'),
  success_url: url,
  cancel_url: url,
  expires_at: integer(),
  client_reference_id: text,
  currency,
  customer: text,
  customer_email: text,
  customer_creation: oneOf('always', 'if_required'),
  locale: text,
  metadata,
  payment_intent_data: object(paymentIntentData),
  payment_method_types: list(oneOf('card', 'link')),
  billing_address_collection: oneOf('auto', 'required'),
  submit_type: oneOf('auto', 'book', 'donate', 'pay', 'subscribe'),
  allow_promotion_codes: boolean,
  phone_number_collection: object({ enabled: boolean }),
  adaptive_pricing: object({ enabled: boolean }),
  automatic_tax: object({ enabled: boolean }),
  invoice_creation: object({ enabled: boolean }),
  origin_context: oneOf('mobile_app', 'web'),
  integration_identifier: text,
  branding_settings: ignored,
  consent_collection: ignored,
  custom_text: ignored,
  customer_update: ignored,
  name_collection: ignored,
  payment_method_options: ignored,
  saved_payment_method_options: ignored,
  wallet_options: ignored,
}
export type CheckoutParams = Values<typeof checkoutParams>

const minSeconds = 30 * minuteSeconds
const maxSeconds = daySeconds

/** Refuses like Stripe when parameters do not go together. */
export function checkCheckout(ctx: SandboxContext, params: CheckoutParams): void {
  if (!params.mode) throw missingParam('mode')
  if (params.mode !== 'payment') throw notCovered(`Checkout Sessions with mode '${params.mode}'`, 'mode')
  if (!params.line_items?.length) throw missingParam('line_items')
  checkAddresses(params)
  if (params.customer && params.customer_email) {
    throw invalid('You may only specify one of these parameters: customer, customer_email.', 'customer')
  }
  if (params.customer && params.customer_creation) {
    throw invalid('`customer_creation` may not be used when passing a customer.', 'customer_creation')
  }
  if (params.customer) customers.load(ctx, params.customer, 'customer')
  if (params.customer_email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(params.customer_email)) {
    throw invalid(`Invalid email address: ${params.customer_email}`, 'customer_email', 'email_invalid')
  }
  const features = { automatic_tax: params.automatic_tax, invoice_creation: params.invoice_creation }
  for (const [name, feature] of Object.entries(features)) if (feature?.enabled) throw notCovered(name, name)
  checkExpiry(ctx, params.expires_at)
}

function checkAddresses(params: CheckoutParams): void {
  const { ui_mode: mode = 'hosted_page', redirect_on_completion: redirect, return_url: back } = params
  if (mode === 'hosted_page') {
    if (!params.success_url) throw missingParam('success_url')
    if (back)
      throw invalid(
        '`return_url` is only supported when `ui_mode` is `embedded_page`, `elements` or `form`.',
        'return_url',
      )
    if (redirect)
      throw invalid(
        '`redirect_on_completion` is not supported when `ui_mode` is `hosted_page`.',
        'redirect_on_completion',
      )
    return
  }
  for (const name of ['success_url', 'cancel_url'] as const) {
    if (params[name]) throw invalid(`\`${name}\` can only be used with \`ui_mode\`: \`hosted_page\`.`, name)
  }
  if (mode !== 'embedded_page') return
  if (redirect === 'never' && back)
    throw invalid('`return_url` cannot be used with `redirect_on_completion`: `never`.', 'return_url')
  if (redirect !== 'never' && !back) throw missingParam('return_url')
}

function checkExpiry(ctx: SandboxContext, expiresAt: number | undefined): void {
  if (expiresAt === undefined) return
  const ahead = expiresAt - ctx.clock.seconds()
  if (ahead < minSeconds)
    throw invalid(
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
      'expires_at',
    )
  if (ahead > maxSeconds)
    throw invalid(
      'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
      'expires_at',
    )
}
