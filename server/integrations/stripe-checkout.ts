// Checkouts of purchases, and the Stripe customers who pay in them.
import { ProviderError } from '../lib/errors.ts'
import { asProviderError, makeOnce, type StripeClient, unlessMissing } from './stripe.ts'

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
      // A new customer is another request, so the key has both.
      { idempotencyKey: `checkout:${checkout.purchaseId}:${checkout.stripeCustomerId}` },
    ),
  )
  if (!session.client_secret)
    throw new ProviderError('stripe', 'a checkout without a client secret', { ambiguous: false })
  return { id: session.id, clientSecret: session.client_secret }
}

export async function createStripeCustomer(
  stripe: StripeClient,
  member: {
    memberId: string
    name: string
    email: string | null
    mobileNumber: string | null
    /** A customer who was deleted: the key of their making would answer with them again. */
    replaces?: string | undefined
  },
): Promise<string> {
  const wanted = {
    ...(member.name ? { name: member.name } : {}),
    ...(member.email ? { email: member.email } : {}),
    ...(member.mobileNumber ? { phone: member.mobileNumber } : {}),
    metadata: { presence_member_id: member.memberId },
  }
  // A second customer for one member does no harm, so none is looked up.
  const made = await makeOnce(
    `customer:${member.memberId}${member.replaces ? `:${member.replaces}` : ''}`,
    (idempotencyKey) => stripe.sdk.customers.create(wanted, { idempotencyKey }),
    async () => undefined,
  )
  return made.id
}

/**
 * Deletes a customer with their name, number and address, for good. What was paid stays at Stripe, which the law
 * asks of it (https://docs.stripe.com/api/customers/delete). One that is gone counts as deleted.
 */
export async function deleteStripeCustomer(stripe: StripeClient, customerId: string): Promise<void> {
  await unlessMissing(() => stripe.sdk.customers.del(customerId))
}

/** Stripe refused a checkout because its customer was deleted, or belongs to another account. */
export function isCustomerGone(error: unknown): boolean {
  return (
    error instanceof ProviderError && error.code === 'resource_missing' && /customer/i.test(error.message)
  )
}

export type CheckoutFacts = {
  id: string
  purchaseId: string | null
  isExpired: boolean
  /** The checkout was completed, but the bank refused the payment later. */
  hasFailed: boolean
  isPaid: boolean
  amountCents: number | null
  currency: string | null
  paymentIntentId: string | null
  charge: { id: string; receiptUrl: string | null; feeCents: number | null; isUntouched: boolean } | null
}

/** The checkout as Stripe has it now, with its charge and fee. Undefined where Stripe does not have it. */
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

/** The checkout of a payment intent. */
export async function findCheckoutOfIntent(
  stripe: StripeClient,
  paymentIntentId: string,
): Promise<{ id: string } | undefined> {
  // One page is enough: a payment intent has one checkout.
  const { data } = await asProviderError(() =>
    stripe.sdk.checkout.sessions.list({ payment_intent: paymentIntentId, limit: 1 }),
  )
  return data[0] && { id: data[0].id }
}

/** Expires an open checkout. One that is no longer open stays as it is. */
export async function expireCheckout(stripe: StripeClient, checkoutId: string): Promise<void> {
  try {
    await asProviderError(() => stripe.sdk.checkout.sessions.expire(checkoutId))
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status !== 400) throw error
  }
}
