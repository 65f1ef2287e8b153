// The stand-in behind the official package, beside a test application that checks signatures.
import Stripe from 'stripe'
import { startWorld, type World } from '../../core/testing/world.ts'
import { stripe as provider, stripePages } from '../provider.ts'

export type StripeWorld = World & {
  client: Stripe
  /** Verified events that reached the application, in the order they happened; deliveries run in parallel. */
  arrived: () => Promise<Stripe.Event[]>
  /** An open checkout for one plan. */
  openCheckout: (
    params?: Partial<Stripe.Checkout.SessionCreateParams>,
    priceCents?: number,
  ) => Promise<Stripe.Checkout.Session>
  /** Presses "Pay" on the checkout page. */
  pay: (
    session: { id: string },
    card?: string,
    more?: Record<string, unknown>,
  ) => Promise<{ httpStatus: number; body: PayBody }>
  /** The charge behind a fresh checkout paid with `card`. */
  paidCharge: (card?: string, priceCents?: number) => Promise<Stripe.Charge>
  /** A connected account that has finished onboarding. */
  readyAccount: () => Promise<Stripe.Account>
  advance: (seconds: number) => Promise<unknown>
}
type PayBody = {
  status?: string
  returnUrl?: string
  error?: { code: string; message: string; decline_code?: string; param?: string }
}

export async function startStripe(options: Parameters<typeof startWorld>[0] = {}): Promise<StripeWorld> {
  const world = await startWorld({ providers: [provider], pages: [stripePages], ...options })
  const { sandbox, application, control } = world
  const client = new Stripe(sandbox.ctx.keys['STRIPE_SECRET_KEY']!, {
    host: '127.0.0.1',
    port: sandbox.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  })
  const openCheckout: StripeWorld['openCheckout'] = (params = {}, priceCents = 1800) =>
    client.checkout.sessions.create({
      mode: 'payment',
      ui_mode: 'embedded_page',
      redirect_on_completion: 'never',
      line_items: [
        {
          quantity: 1,
          price_data: { currency: 'aud', unit_amount: priceCents, product_data: { name: 'Adhoc' } },
        },
      ],
      ...params,
    })
  const pay: StripeWorld['pay'] = async (session, card = '4242424242424242', more = {}) => {
    const body = {
      cardNumber: card,
      expMonth: 12,
      expYear: 2040,
      cvc: '123',
      name: 'Mia Carter',
      email: 'mia@example.com',
      ...more,
    }
    const response = await control('POST', `/stripe/checkout/${session.id}/pay`, body)
    return { httpStatus: response.status, body: (await response.json()) as PayBody }
  }
  return {
    ...world,
    client,
    openCheckout,
    pay,
    arrived: async () => {
      await sandbox.settled()
      const order = sandbox.ctx.store.list<{ id: string }>('stripe.event').map(({ id }) => id)
      return application.received
        .filter(({ path }) => path === '/functions/v1/stripe-payment-confirm')
        .map(({ body, headers }) =>
          client.webhooks.constructEvent(
            body,
            headers['stripe-signature']!,
            sandbox.ctx.keys['STRIPE_WEBHOOK_SECRET']!,
            10 ** 9,
          ),
        )
        .sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
    },
    paidCharge: async (card, priceCents) => {
      const session = await openCheckout({}, priceCents)
      await pay(session, card)
      const paid = await client.checkout.sessions.retrieve(session.id, {
        expand: ['payment_intent.latest_charge'],
      })
      return (paid.payment_intent as Stripe.PaymentIntent).latest_charge as Stripe.Charge
    },
    readyAccount: async () => {
      const { id } = await client.accounts.create({
        type: 'express',
        country: 'AU',
        capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      })
      await control('POST', `/stripe/accounts/${id}/onboard`)
      return client.accounts.retrieve(id)
    },
    advance: (seconds) => control('POST', '/clock', { advanceMs: seconds * 1000 }),
  }
}
