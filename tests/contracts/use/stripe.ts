// Every operation of Stripe that the sandbox covers, and its refusals, by the official package alone.
import Stripe from 'stripe'
import { dayMs, hourMs, minuteMs } from '../../../server/lib/time.ts'
import { must, type Outside, refusal } from './world.ts'

export function stripeClient(
  { url, keys }: Pick<Outside, 'url' | 'keys'>,
  key = keys['STRIPE_SECRET_KEY']!,
): Stripe {
  const { hostname, port } = new URL(url)
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false })
}

export type Payer = {
  open: (more?: Partial<Stripe.Checkout.SessionCreateParams>) => Promise<Stripe.Checkout.Session>
  pay: (
    sessionId: string,
    cardNumber?: string,
    more?: Record<string, unknown>,
  ) => Promise<{ status: number; body: { error?: { code: string; decline_code?: string } } }>
  /** The charge of a new checkout, paid with this card. */
  charge: (cardNumber?: string) => Promise<Stripe.Charge>
  /** A connected account that can be paid. */
  account: () => Promise<Stripe.Account>
}

export function payer(outside: Outside, stripe: Stripe): Payer {
  const open: Payer['open'] = (more = {}) =>
    stripe.checkout.sessions.create({
      mode: 'payment',
      ui_mode: 'embedded_page',
      redirect_on_completion: 'never',
      line_items: [
        { quantity: 1, price_data: { currency: 'aud', unit_amount: 1800, product_data: { name: 'Adhoc' } } },
      ],
      ...more,
    })
  const pay: Payer['pay'] = (sessionId, cardNumber = '4242424242424242', more = {}) =>
    outside.control('POST', `/stripe/checkout/${sessionId}/pay`, {
      cardNumber,
      expMonth: 12,
      expYear: 2040,
      cvc: '123',
      name: 'Sam Rivers',
      email: 'sam@example.com',
      ...more,
    })
  return {
    open,
    pay,
    charge: async (cardNumber) => {
      const { id } = await open()
      await pay(id, cardNumber)
      const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(id, {
        expand: ['payment_intent.latest_charge'],
      })
      return (intent as Stripe.PaymentIntent).latest_charge as Stripe.Charge
    },
    account: async () => {
      const made = await stripe.accounts.create({
        type: 'express',
        country: 'AU',
        capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      })
      await outside.control('POST', `/stripe/accounts/${made.id}/onboard`)
      return stripe.accounts.retrieve(made.id)
    },
  }
}

export async function useStripe(outside: Outside): Promise<void> {
  const stripe = stripeClient(outside)
  const people = payer(outside, stripe)
  await hooks(stripe, outside)
  const intentId = await checkouts(stripe, people, outside)
  const accountId = await connect(stripe, people, outside)
  await money(stripe, people, outside, intentId, accountId)
  await disputes(stripe, people, outside)
  await refusals(outside, stripe, people)
}

async function hooks(stripe: Stripe, { receiver }: Outside): Promise<void> {
  const hook = await stripe.webhookEndpoints.create({
    url: `${receiver.url}/hook`,
    enabled_events: ['*'],
    connect: true,
    api_version: '2026-10-28.endive',
    metadata: { purpose: 'all' },
  })
  await stripe.webhookEndpoints.retrieve(hook.id)
  await stripe.webhookEndpoints.update(hook.id, { description: 'everything' })
  await stripe.webhookEndpoints.list()
  const other = await stripe.webhookEndpoints.create({
    url: `${receiver.url}/other`,
    enabled_events: ['charge.refunded'],
  })
  await stripe.webhookEndpoints.del(other.id)
}

async function checkouts(
  stripe: Stripe,
  { open, pay }: Payer,
  { control, advance }: Outside,
): Promise<string> {
  const customer = await stripe.customers.create({
    email: 'sam@example.com',
    name: 'Sam Rivers',
    metadata: { member_id: 'm1' },
  })
  await stripe.customers.update(customer.id, { phone: '+61400000000' })
  await stripe.customers.retrieve(customer.id)
  await stripe.customers.list({ email: 'sam@example.com', limit: 3 })
  await stripe.customers.del((await stripe.customers.create({ name: 'Leaving' })).id)
  const hosted = await open({
    ui_mode: 'hosted_page',
    redirect_on_completion: undefined as never,
    success_url: 'http://localhost/done',
  })
  await pay(hosted.id)
  const session = await open({
    customer: customer.id,
    client_reference_id: 'p1',
    metadata: { purchase_id: 'p1' },
    payment_intent_data: { description: 'Adhoc', transfer_group: 'p1', metadata: { purchase_id: 'p1' } },
    expires_at:
      Math.floor((await control('GET', '/clock')).body.offsetMs / 1000 + Date.now() / 1000) + 45 * 60,
  })
  for (const card of ['4000000000000002', '4000000000009995', '4000000000000069']) {
    const { body } = await pay(session.id, card)
    must(
      body.error?.code === (card.endsWith('69') ? 'expired_card' : 'card_declined'),
      `${card} is not declined`,
    )
  }
  await pay(session.id, '4000002500003155')
  const waiting = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
  const intent = waiting.payment_intent as Stripe.PaymentIntent
  must(intent.status === 'requires_action', 'a card that asks the bank does not wait for it')
  await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] })
  await pay(session.id, '4000002500003155', { authenticate: 'fail' })
  await pay(session.id, '4000002500003155', { authenticate: 'complete' })
  await stripe.checkout.sessions.retrieve(session.id, {
    expand: ['payment_intent.latest_charge.balance_transaction', 'line_items', 'customer'],
  })
  await stripe.checkout.sessions.listLineItems(session.id)
  await stripe.checkout.sessions.expire((await open()).id)
  await stripe.checkout.sessions.list({ limit: 2, status: 'complete', expand: ['data.payment_intent'] })
  await stripe.paymentIntents.list({ limit: 2, expand: ['data.latest_charge'] })
  await stripe.paymentIntents.update(intent.id, { metadata: { a: 'b' } })
  for (const bankDebit of ['succeeds', 'fails']) {
    await control('POST', `/stripe/checkout/${(await open()).id}/pay`, {
      bankDebit,
      name: 'Sam Rivers',
      email: 'sam@example.com',
    })
  }
  const forgotten = await open()
  await advance(25 * hourMs)
  must(
    (await stripe.checkout.sessions.retrieve(forgotten.id)).status === 'expired',
    'a checkout does not expire',
  )
  return intent.id
}

async function connect(stripe: Stripe, { account }: Payer, { control }: Outside): Promise<string> {
  const made = await stripe.accounts.create({
    type: 'express',
    country: 'AU',
    email: 'amelia@example.com',
    business_type: 'individual',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    business_profile: { product_description: 'Conversations' },
    metadata: { host_id: 'h1' },
  })
  await stripe.accountLinks.create({
    account: made.id,
    type: 'account_onboarding',
    refresh_url: 'http://localhost/again',
    return_url: 'http://localhost/back',
  })
  must(
    !(await stripe.accounts.retrieve(made.id)).payouts_enabled,
    'an account can be paid before it said who it is',
  )
  await control('POST', `/stripe/accounts/${made.id}/onboard`)
  await stripe.accounts.update(made.id, { metadata: { host_id: 'h2' } })
  await stripe.accounts.createLoginLink(made.id)
  await stripe.accounts.list({ limit: 1 })
  await stripe.accounts.del((await stripe.accounts.create({ type: 'express', country: 'AU' })).id)
  await stripe.balance.retrieve({}, { stripeAccount: made.id })
  return (await account()).id
}

async function money(
  stripe: Stripe,
  { charge }: Payer,
  { advance }: Outside,
  intentId: string,
  accountId: string,
): Promise<void> {
  const paid = (await stripe.charges.list({ payment_intent: intentId })).data.find((one) => one.paid)!
  await stripe.charges.update(paid.id, { description: 'changed' })
  const transfer = await stripe.transfers.create(
    {
      amount: 1206,
      currency: 'aud',
      destination: accountId,
      source_transaction: paid.id,
      transfer_group: 'p1',
      metadata: { booking_id: 'b1' },
    },
    { idempotencyKey: 'transfer-b1' },
  )
  const again = await stripe.transfers.create(
    {
      amount: 1206,
      currency: 'aud',
      destination: accountId,
      source_transaction: paid.id,
      transfer_group: 'p1',
      metadata: { booking_id: 'b1' },
    },
    { idempotencyKey: 'transfer-b1' },
  )
  must(again.id === transfer.id, 'a repeat makes a second transfer')
  await stripe.transfers.update(transfer.id, { description: 'Session' })
  await stripe.transfers.list({ transfer_group: 'p1' })
  const reversal = await stripe.transfers.createReversal(transfer.id, { amount: 206 })
  await stripe.transfers.retrieveReversal(transfer.id, reversal.id)
  await stripe.transfers.listReversals(transfer.id)
  await stripe.transfers.retrieve(transfer.id, { expand: ['destination', 'source_transaction'] })
  const refund = await stripe.refunds.create({
    charge: paid.id,
    amount: 600,
    reason: 'requested_by_customer',
    metadata: { booking_id: 'b1' },
  })
  await stripe.refunds.retrieve(refund.id, { expand: ['charge'] })
  await stripe.refunds.update(refund.id, { metadata: { a: 'b' } })
  await refusal(stripe.refunds.cancel(refund.id))
  await stripe.charges.retrieve(paid.id, { expand: ['refunds', 'payment_intent'] })
  for (const card of ['4000000000007726', '4000000000005126'])
    await stripe.refunds.create({ charge: (await charge(card)).id })
  await advance(dayMs)
  await stripe.refunds.list({ limit: 2 })
  await stripe.balance.retrieve()
  const movements = await stripe.balanceTransactions.list({ limit: 4, expand: ['data.source'] })
  await stripe.balanceTransactions.retrieve(movements.data[0]!.id)
  const { data: events } = await stripe.events.list({ limit: 3 })
  await stripe.events.retrieve(events[0]!.id)
}

async function disputes(stripe: Stripe, { charge }: Payer, { advance, control }: Outside): Promise<void> {
  for (const card of ['4000000000000259', '4000000000002685', '4000000000000259']) await charge(card)
  await advance(minuteMs)
  const [first, second, third] = (await stripe.disputes.list()).data
  await stripe.disputes.retrieve(first!.id, { expand: ['charge'] })
  await stripe.disputes.update(second!.id, {
    evidence: { uncategorized_text: 'winning_evidence' },
    submit: true,
  })
  await stripe.disputes.close(first!.id)
  await control('POST', `/stripe/disputes/${third!.id}`, { outcome: 'lost' })
}

/** Each is refused as documented. */
async function refusals(outside: Outside, stripe: Stripe, { open, charge, account }: Payer): Promise<void> {
  const is = async (act: Promise<unknown>, status: number, code?: string) => {
    const seen = await refusal(act)
    must(
      seen.status === status && (code === undefined || seen.code === code || seen.type === code),
      `refused with ${JSON.stringify(seen)}`,
    )
  }
  const { id: accountId } = await account()
  const done = await open()
  await stripe.checkout.sessions.expire(done.id)
  await is(stripe.checkout.sessions.expire(done.id), 400)
  await is(stripe.checkout.sessions.retrieve('cs_test_nothing'), 404, 'resource_missing')
  await is(open({ expires_at: Math.floor(Date.now() / 1000) + 60 }), 400)
  await is(open({ ui_mode: 'embedded' as never }), 400)
  await is(
    stripe.transfers.create({ currency: 'aud', destination: accountId, amount: 10_000_000 }),
    400,
    'balance_insufficient',
  )
  await is(stripe.transfers.create({ amount: 100, currency: 'aud' } as never), 400, 'parameter_missing')
  await is(stripe.transfers.create({ amount: 1, currency: 'aud', destination: 'acct_nobody' }), 400)
  const paid = await charge()
  await is(stripe.refunds.create({ charge: paid.id, amount: 99_999 }), 400)
  await stripe.refunds.create({ charge: paid.id })
  await is(stripe.refunds.create({ charge: paid.id }), 400, 'charge_already_refunded')
  await stripe.customers.create({ name: 'A' }, { idempotencyKey: 'same' })
  await is(stripe.customers.create({ name: 'B' }, { idempotencyKey: 'same' }), 400, 'StripeIdempotencyError')
  await is(stripe.customers.create({ nonsense: 'x' } as never), 400, 'parameter_unknown')
  await is(stripeClient(outside, 'sk_test_wrong').balance.retrieve(), 401)
  await is(stripeClient(outside, outside.keys['STRIPE_PUBLISHABLE_KEY']).balance.retrieve(), 403)
  await is(stripe.rawRequest('GET', '/v1/subscriptions'), 404)
  await is(stripe.accountLinks.create({ account: accountId, type: 'account_onboarding' }), 400)
}
