// Stripe in our words, on the official SDK. Every POST carries an idempotency key made from our id
// (https://docs.stripe.com/api/idempotent_requests), so that a repeat never acts twice.
import Stripe from 'stripe'
import type { Config } from '../config.ts'
import { ProviderError } from '../lib/errors.ts'
import { newId } from '../lib/ids.ts'
import { statusIsAmbiguous, timeoutMs } from './provider-error.ts'

export type StripeClient = { sdk: Stripe; webhookSecrets: string[]; publishableKey: string }

export function openStripe(config: Config['stripe']): StripeClient {
  const address = new URL(config.apiUrl)
  const sdk = new Stripe(config.secretKey, {
    host: address.hostname,
    port: address.port || (address.protocol === 'https:' ? 443 : 80),
    protocol: address.protocol === 'https:' ? 'https' : 'http',
    timeout: timeoutMs,
    maxNetworkRetries: 1,
    telemetry: false,
  })
  return { sdk, webhookSecrets: config.webhookSecrets, publishableKey: config.publishableKey }
}

/**
 * Turns what the SDK throws into a ProviderError. A conflict (409) is the same request still under way
 * elsewhere.
 */
export async function asProviderError<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    const status = error.statusCode
    // A replayed 500 says that the first request is over: what it did can be looked up, and repeating its key
    // is of no use.
    const isOver = (status ?? 0) >= 500 && error.headers?.['idempotent-replayed'] === 'true'
    const isOtherRequest = error instanceof Stripe.errors.StripeIdempotencyError
    const code = isOver ? replayedFailure : isOtherRequest ? keyOfAnother : error.code
    throw new ProviderError('stripe', error.message, {
      ambiguous: statusIsAmbiguous(status) || status === 409,
      status,
      code,
      cause: error,
    })
  }
}

export const replayedFailure = 'replayed_failure'
/** The key has been used for a request with other parameters: what that one did has to be looked up. */
export const keyOfAnother = 'key_of_another_request'

/**
 * Makes something under our key; where that is used up for a day, finds what it made, or makes it under
 * another one.
 */
async function makeOnce<Made>(
  key: string,
  make: (idempotencyKey: string) => Promise<Made>,
  find: () => Promise<Made | undefined>,
): Promise<Made> {
  try {
    return await asProviderError(() => make(key))
  } catch (error) {
    const isUsedUp =
      error instanceof ProviderError && (error.code === replayedFailure || error.code === keyOfAnother)
    if (!isUsedUp) throw error
    return (await asProviderError(find)) ?? asProviderError(() => make(`${key}:${newId()}`))
  }
}

/** What Stripe answers; undefined where it has no such object. */
export async function unlessMissing<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await asProviderError(act)
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return undefined
    throw error
  }
}

export type NewCheckout = {
  purchaseId: string
  stripeCustomerId: string
  amountCents: number
  currency: string
  title: string
  description: string
  returnUrl: string
  expiresAt: Date
  metadata: { member_id: string; host_id: string; plan_type: string; purchase_id: string }
}

/** Creates the one Checkout Session of a purchase, embedded in our page. */
export async function createCheckout(
  stripe: StripeClient,
  checkout: NewCheckout,
): Promise<{ id: string; clientSecret: string }> {
  const session = await asProviderError(() =>
    stripe.sdk.checkout.sessions.create(
      {
        mode: 'payment',
        ui_mode: 'embedded_page',
        customer: checkout.stripeCustomerId,
        client_reference_id: checkout.purchaseId,
        line_items: [
          {
            quantity: 1,
            price_data: {
              currency: checkout.currency.toLowerCase(),
              unit_amount: checkout.amountCents,
              product_data: { name: checkout.title, description: checkout.description },
            },
          },
        ],
        metadata: checkout.metadata,
        payment_intent_data: {
          metadata: checkout.metadata,
          transfer_group: checkout.purchaseId,
          statement_descriptor_suffix: 'SESSION',
        },
        redirect_on_completion: 'if_required',
        return_url: checkout.returnUrl,
        expires_at: Math.floor(checkout.expiresAt.getTime() / 1000),
      },
      { idempotencyKey: `checkout:${checkout.purchaseId}` },
    ),
  )
  if (!session.client_secret)
    throw new ProviderError('stripe', 'a checkout without a client secret', { ambiguous: false })
  return { id: session.id, clientSecret: session.client_secret }
}

export async function createStripeCustomer(
  stripe: StripeClient,
  member: { memberId: string; name: string; email: string | null; mobileNumber: string },
): Promise<string> {
  const wanted = {
    ...(member.name ? { name: member.name } : {}),
    ...(member.email ? { email: member.email } : {}),
    phone: member.mobileNumber,
    metadata: { presence_member_id: member.memberId },
  }
  // A second customer of one member does no harm, and is not looked for.
  const made = await makeOnce(
    `customer:${member.memberId}`,
    (idempotencyKey) => stripe.sdk.customers.create(wanted, { idempotencyKey }),
    async () => undefined,
  )
  return made.id
}

export type CheckoutFacts = {
  id: string
  purchaseId: string | null
  isExpired: boolean
  /** Completed, but the bank did not pay in the end. */
  hasFailed: boolean
  isPaid: boolean
  amountCents: number | null
  currency: string | null
  paymentIntentId: string | null
  charge: { id: string; receiptUrl: string | null; feeCents: number | null; isUntouched: boolean } | null
}

/**
 * The checkout as Stripe has it now, with its charge and that charge's fee. Undefined where Stripe does not
 * have it.
 */
export async function fetchCheckout(
  stripe: StripeClient,
  checkoutId: string,
): Promise<CheckoutFacts | undefined> {
  const session = await unlessMissing(() =>
    stripe.sdk.checkout.sessions.retrieve(checkoutId, {
      expand: ['payment_intent.latest_charge.balance_transaction'],
    }),
  )
  if (!session) return undefined
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null
  const charge = intent && typeof intent.latest_charge === 'object' ? intent.latest_charge : null
  const balance = charge && typeof charge.balance_transaction === 'object' ? charge.balance_transaction : null
  return {
    id: session.id,
    purchaseId: session.client_reference_id,
    isExpired: session.status === 'expired',
    hasFailed:
      session.status === 'complete' &&
      (intent?.status === 'requires_payment_method' || intent?.status === 'canceled'),
    isPaid: session.payment_status === 'paid',
    amountCents: session.amount_total,
    currency: session.currency?.toUpperCase() ?? null,
    paymentIntentId: intent?.id ?? null,
    charge: charge
      ? {
          id: charge.id,
          receiptUrl: charge.receipt_url,
          feeCents: balance?.fee ?? null,
          isUntouched: charge.amount_refunded === 0 && !charge.disputed,
        }
      : null,
  }
}

/** The checkout that a payment was made through. */
export async function findCheckoutOfIntent(
  stripe: StripeClient,
  paymentIntentId: string,
): Promise<{ id: string } | undefined> {
  const { data } = await asProviderError(() =>
    stripe.sdk.checkout.sessions.list({ payment_intent: paymentIntentId, limit: 1 }),
  )
  return data[0] && { id: data[0].id }
}

/** Ends a checkout that is still open; one that is not open any more is left as it is. */
export async function expireCheckout(stripe: StripeClient, checkoutId: string): Promise<void> {
  try {
    await asProviderError(() => stripe.sdk.checkout.sessions.expire(checkoutId))
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status !== 400) throw error
  }
}

/** A Connect Express account for a host, made once. */
export async function createHostAccount(
  stripe: StripeClient,
  host: { hostId: string; fullName: string; email: string | null },
): Promise<string> {
  const wanted = {
    type: 'express' as const,
    country: 'AU',
    ...(host.email ? { email: host.email } : {}),
    business_type: 'individual' as const,
    capabilities: { transfers: { requested: true } },
    business_profile: { product_description: 'Video conversations booked through Presence' },
    metadata: { presence_host_id: host.hostId },
  }
  const account = await makeOnce(
    `account:${host.hostId}`,
    (idempotencyKey) => stripe.sdk.accounts.create(wanted, { idempotencyKey }),
    async () => {
      const accounts = await stripe.sdk.accounts.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })
      return accounts.find((one) => one.metadata?.['presence_host_id'] === host.hostId)
    },
  )
  return account.id
}

/** A single-use address at which the host tells Stripe who they are. */
export async function createOnboardingLink(
  stripe: StripeClient,
  link: { accountId: string; refreshUrl: string; returnUrl: string },
): Promise<string> {
  const made = await asProviderError(() =>
    stripe.sdk.accountLinks.create({
      account: link.accountId,
      type: 'account_onboarding',
      refresh_url: link.refreshUrl,
      return_url: link.returnUrl,
    }),
  )
  return made.url
}

/** The host's own dashboard at Stripe; the address is for one visit. Only after onboarding. */
export async function createDashboardLink(stripe: StripeClient, accountId: string): Promise<string> {
  const made = await asProviderError(() => stripe.sdk.accounts.createLoginLink(accountId))
  return made.url
}

export type HostAccountFacts = { hasSubmittedDetails: boolean; canBePaid: boolean }

/** Reaching the return address says nothing; these facts do. */
export async function fetchHostAccount(stripe: StripeClient, accountId: string): Promise<HostAccountFacts> {
  const account = await asProviderError(() => stripe.sdk.accounts.retrieve(accountId))
  return {
    hasSubmittedDetails: account.details_submitted === true,
    canBePaid: account.payouts_enabled === true && account.capabilities?.transfers === 'active',
  }
}

/** Verifies a webhook's signature and age against any of the accepted secrets. Undefined where none fits. */
export function readStripeEvent(
  stripe: StripeClient,
  rawBody: string,
  signature: string | undefined,
  receivedAt: Date,
): Stripe.Event | undefined {
  if (!signature) return undefined
  for (const secret of stripe.webhookSecrets) {
    try {
      return stripe.sdk.webhooks.constructEvent(
        rawBody,
        signature,
        secret,
        undefined,
        undefined,
        receivedAt.getTime(),
      )
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) continue
      return undefined
    }
  }
  return undefined
}
