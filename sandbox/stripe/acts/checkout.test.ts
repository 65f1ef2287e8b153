import { describe, expect, test } from 'vitest'
import { startStripe } from '../testing/world.ts'

const names = (events: { type: string }[]) => events.map(({ type }) => type)

describe('opening a checkout', () => {
  test('an embedded one has a client secret and no URL, a hosted one the reverse', async () => {
    const { openCheckout } = await startStripe()
    const embedded = await openCheckout({ metadata: { purchase_id: 'p1' } })
    expect(embedded).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 1800,
      payment_intent: null,
      url: null,
      metadata: { purchase_id: 'p1' },
    })
    expect(embedded.client_secret?.startsWith(`${embedded.id}_secret_`)).toBe(true)
    const hosted = await openCheckout({
      ui_mode: 'hosted_page',
      redirect_on_completion: undefined,
      success_url: 'http://localhost/done',
    })
    expect(hosted.client_secret).toBeNull()
    expect(hosted.url).toContain(hosted.id)
  })

  test.each([
    ['an embedded one that redirects has nowhere to go', { redirect_on_completion: 'always' }, 'return_url'],
    [
      'one that never redirects was told where to',
      { redirect_on_completion: 'never', return_url: 'http://localhost/r' },
      'return_url',
    ],
    [
      'a hosted one has nowhere to go',
      { ui_mode: 'hosted_page', redirect_on_completion: undefined },
      'success_url',
    ],
    ['an embedded one was given a success_url', { success_url: 'http://localhost/s' }, 'success_url'],
    [
      'both customer and customer_email are given',
      { customer: 'cus_1', customer_email: 'mia@example.com' },
      'customer',
    ],
    ['the customer does not exist', { customer: 'cus_1' }, 'customer'],
  ] as const)('is refused when %s', async (_, params, param) => {
    const { openCheckout } = await startStripe()
    await expect(openCheckout(params)).rejects.toMatchObject({ statusCode: 400, param })
  })

  test('it lives between 30 minutes and 24 hours', async () => {
    const { openCheckout, sandbox } = await startStripe()
    const inSeconds = (seconds: number) => ({ expires_at: sandbox.ctx.clock.seconds() + seconds })
    await expect(openCheckout(inSeconds(29 * 60))).rejects.toMatchObject({
      param: 'expires_at',
      message: expect.stringContaining('at least 30 minutes'),
    })
    await expect(openCheckout(inSeconds(25 * 60 * 60))).rejects.toMatchObject({
      param: 'expires_at',
      message: expect.stringContaining('less than 24 hours'),
    })
    expect((await openCheckout(inSeconds(31 * 60))).status).toBe('open')
  })

  test('an amount under 50 cents is refused', async () => {
    const { openCheckout } = await startStripe()
    await expect(openCheckout({}, 49)).rejects.toMatchObject({ code: 'amount_too_small' })
  })
})

describe('paying', () => {
  test('a good card completes it with customer details, metadata and transfer group', async () => {
    const { client, openCheckout, pay, arrived } = await startStripe()
    const session = await openCheckout({
      payment_intent_data: { metadata: { purchase_id: 'p1' }, transfer_group: 'p1' },
      customer_creation: 'always',
    })
    expect(await pay(session)).toEqual({ httpStatus: 200, body: { status: 'complete' } })
    const paid = await client.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge', 'customer'],
    })
    expect(paid).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      customer: { email: 'mia@example.com' },
      customer_details: { email: 'mia@example.com', name: 'Mia Carter' },
      payment_intent: {
        status: 'succeeded',
        amount_received: 1800,
        metadata: { purchase_id: 'p1' },
        transfer_group: 'p1',
        latest_charge: {
          paid: true,
          captured: true,
          metadata: { purchase_id: 'p1' },
          transfer_group: 'p1',
          billing_details: { name: 'Mia Carter' },
        },
      },
    })
    expect(names(await arrived())).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ])
  })

  test.each([
    ['4000000000000002', 'card_declined', 'generic_decline', 'Your card was declined.'],
    ['4000000000009995', 'card_declined', 'insufficient_funds', 'Your card has insufficient funds.'],
    ['4000000000000069', 'expired_card', undefined, 'Your card has expired.'],
    ['4111111111111111', 'card_declined', 'test_mode_live_card', expect.stringContaining('non test card')],
  ])(
    'card %s is declined with %s, the checkout stays open and another card can pay',
    async (card, code, declineCode, message) => {
      const { client, openCheckout, pay, arrived } = await startStripe()
      const session = await openCheckout()
      const { httpStatus, body } = await pay(session, card)
      expect([httpStatus, body.error?.code, body.error?.decline_code]).toEqual([402, code, declineCode])
      expect(body.error?.message).toEqual(message)
      const open = await client.checkout.sessions.retrieve(session.id, {
        expand: ['payment_intent.latest_charge'],
      })
      expect(open).toMatchObject({
        status: 'open',
        payment_intent: {
          status: 'requires_payment_method',
          last_payment_error: { code },
          latest_charge: { status: 'failed', paid: false },
        },
      })
      expect((await client.balanceTransactions.list()).data).toEqual([])
      expect((await pay(session)).body.status).toBe('complete')
      expect(names(await arrived())).toEqual([
        'payment_intent.payment_failed',
        'charge.succeeded',
        'payment_intent.succeeded',
        'checkout.session.completed',
      ])
    },
  )

  test.each([
    ['4242424242424241', {}, 'incorrect_number'],
    ['4242424242424242', { expYear: 2020 }, 'invalid_expiry_year'],
    ['4242424242424242', { expMonth: 13 }, 'invalid_expiry_month'],
    ['4242424242424242', { cvc: '12' }, 'invalid_cvc'],
  ])('card %s with %j cannot be one: %s, and nothing is recorded', async (card, more, code) => {
    const { client, openCheckout, pay } = await startStripe()
    expect((await pay(await openCheckout(), card, more)).body.error?.code).toBe(code)
    expect((await client.events.list()).data).toEqual([])
  })

  test('a card that needs authentication pays only after it', async () => {
    const { client, openCheckout, pay } = await startStripe()
    const session = await openCheckout()
    expect((await pay(session, '4000002500003155')).body).toEqual({ status: 'requires_action' })
    const { httpStatus, body } = await pay(session, '4000002500003155', { authenticate: 'fail' })
    expect([httpStatus, body.error?.code]).toEqual([402, 'payment_intent_authentication_failure'])
    expect((await client.checkout.sessions.retrieve(session.id)).status).toBe('open')
    expect((await pay(session, '4000002500003155', { authenticate: 'complete' })).body.status).toBe(
      'complete',
    )
  })

  test('two presses of Pay charge once', async () => {
    const { client, openCheckout, pay } = await startStripe()
    const session = await openCheckout()
    const results = await Promise.all([pay(session), pay(session)])
    expect(results.map(({ httpStatus }) => httpStatus).sort()).toEqual([200, 400])
    expect((await client.charges.list()).data).toHaveLength(1)
  })

  test('the browser returns to the URL of the checkout, with its id filled in', async () => {
    const { openCheckout, pay } = await startStripe()
    const always = await openCheckout({
      redirect_on_completion: 'always',
      return_url: 'http://localhost/back?id={CHECKOUT_SESSION_ID}',
    })
    expect((await pay(always)).body.returnUrl).toBe(`http://localhost/back?id=${always.id}`)
    const ifRequired = await openCheckout({
      redirect_on_completion: 'if_required',
      return_url: 'http://localhost/back',
    })
    expect((await pay(ifRequired)).body.returnUrl).toBeUndefined()
  })
})

describe('a bank debit', () => {
  test.each([
    [
      'succeeds',
      'paid',
      'succeeded',
      ['charge.succeeded', 'payment_intent.succeeded', 'checkout.session.async_payment_succeeded'],
    ],
    [
      'fails',
      'unpaid',
      'requires_payment_method',
      ['payment_intent.payment_failed', 'checkout.session.async_payment_failed'],
    ],
  ])('completes the checkout unpaid, then %s: %s', async (bankDebit, paymentStatus, intentStatus, later) => {
    const { client, openCheckout, control, advance, arrived } = await startStripe()
    const session = await openCheckout()
    await control('POST', `/stripe/checkout/${session.id}/pay`, {
      bankDebit,
      name: 'Mia Carter',
      email: 'mia@example.com',
    })
    const waiting = await client.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge'],
    })
    expect(waiting).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
      payment_intent: {
        status: 'processing',
        latest_charge: { status: 'pending', paid: false, balance_transaction: null },
      },
    })
    await advance(15)
    const ended = await client.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
    expect(ended).toMatchObject({
      status: 'complete',
      payment_status: paymentStatus,
      payment_intent: { status: intentStatus },
    })
    expect(names(await arrived())).toEqual(['checkout.session.completed', ...later])
    expect((await client.balanceTransactions.list()).data).toHaveLength(paymentStatus === 'paid' ? 1 : 0)
  })
})

describe('the end of a checkout', () => {
  test('it expires by itself at its time, with one event', async () => {
    const { client, openCheckout, pay, advance, arrived, sandbox } = await startStripe()
    const session = await openCheckout({ expires_at: sandbox.ctx.clock.seconds() + 31 * 60 })
    await pay(session, '4000000000000002')
    await advance(32 * 60)
    expect(await client.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })).toMatchObject(
      {
        status: 'expired',
        payment_intent: { status: 'canceled' },
      },
    )
    expect((await pay(session)).httpStatus).toBe(400)
    await advance(60)
    expect(names(await arrived()).filter((type) => type === 'checkout.session.expired')).toHaveLength(1)
  })

  test('only an open one can be expired', async () => {
    const { client, openCheckout, pay } = await startStripe()
    const session = await openCheckout()
    expect((await client.checkout.sessions.expire(session.id)).status).toBe('expired')
    await expect(client.checkout.sessions.expire(session.id)).rejects.toMatchObject({
      message: expect.stringContaining('status of `expired`'),
    })
    const paid = await openCheckout()
    await pay(paid)
    await expect(client.checkout.sessions.expire(paid.id)).rejects.toMatchObject({ statusCode: 400 })
  })

  test('a paid one never expires', async () => {
    const { client, openCheckout, pay, advance } = await startStripe()
    const session = await openCheckout()
    await pay(session)
    await advance(25 * 60 * 60)
    expect((await client.checkout.sessions.retrieve(session.id)).status).toBe('complete')
  })
})
