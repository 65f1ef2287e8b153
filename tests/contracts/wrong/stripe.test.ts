import type Stripe from 'stripe'
import { expect } from 'vitest'
import { payer, stripeClient } from '../use/stripe.ts'
import { type Outside, refusal } from '../use/world.ts'
import { dayMs, hourMs, minuteMs } from '../../../server/lib/time.ts'
import { commonlyWrong } from './lines.ts'

const open = (outside: Outside) => {
  const stripe = stripeClient(outside)
  return { stripe, ...payer(outside, stripe) }
}

async function events(stripe: Stripe, type: string): Promise<Stripe.Event[]> {
  return (await stripe.events.list({ type, limit: 100 })).data
}

const now = async (outside: Outside) =>
  Math.floor(Date.parse((await outside.control('GET', '/clock')).body.now) / 1000)

commonlyWrong('Stripe', (line) => {
  line('Bodies are form-encoded with bracket syntax, not JSON.', async (outside) => {
    const { stripe } = open(outside)
    const headers = { authorization: `Bearer ${outside.keys['STRIPE_SECRET_KEY']}` }
    const asForm = await outside.call(
      'POST',
      '/v1/customers',
      new URLSearchParams({ name: 'Sam', 'metadata[a]': 'b' }),
      headers,
    )
    expect([asForm.status, asForm.body.metadata]).toEqual([200, { a: 'b' }])
    expect((await outside.call('POST', '/v1/customers', { name: 'Sam' }, headers)).status).toBe(400)
    expect(
      (
        await outside.call('POST', '/v1/customers', new URLSearchParams({ name: 'Sam' }), {
          ...headers,
          'stripe-version': '2020-08-27',
        })
      ).status,
    ).toBe(400)
    const hook = await stripe.webhookEndpoints.create({
      url: `${outside.receiver.url}/versions`,
      enabled_events: ['customer.created'],
      api_version: '2026-10-28.endive',
    })
    expect(hook.api_version).toBe('2026-10-28.endive')
    await stripe.customers.create({ name: 'Kim' })
    await outside.sandbox.settled()
    const told = outside.receiver.received.find(({ path }) => path === '/versions')
    expect(JSON.parse(told!.body)).toMatchObject({ type: 'customer.created', api_version: hook.api_version })
  })

  line(
    'In this API version `ui_mode` is `hosted_page | embedded_page | elements | form`',
    async (outside) => {
      const { stripe, open: start } = open(outside)
      for (const gone of ['hosted', 'embedded', 'custom'])
        expect((await refusal(start({ ui_mode: gone as 'form' }))).status).toBe(400)
      expect((await start()).client_secret).toMatch(/^cs_test_.+_secret_/)
      const hosted = await stripe.checkout.sessions.create({
        mode: 'payment',
        ui_mode: 'hosted_page',
        success_url: 'http://localhost/done',
        line_items: [
          {
            quantity: 1,
            price_data: { currency: 'aud', unit_amount: 1800, product_data: { name: 'Adhoc' } },
          },
        ],
      })
      expect([hosted.client_secret, hosted.url]).toEqual([null, expect.stringContaining('http')])
    },
  )

  line('Fulfil on `checkout.session.completed` **and** `payment_status` of `paid`', async (outside) => {
    const { stripe, open: start } = open(outside)
    for (const [bankDebit, end] of [
      ['succeeds', 'async_payment_succeeded'],
      ['fails', 'async_payment_failed'],
    ] as const) {
      const { id } = await start()
      await outside.control('POST', `/stripe/checkout/${id}/pay`, {
        bankDebit,
        name: 'Sam',
        email: 'sam@example.com',
      })
      expect(await stripe.checkout.sessions.retrieve(id)).toMatchObject({
        status: 'complete',
        payment_status: 'unpaid',
      })
      const told = async (type: string) =>
        (await events(stripe, type))
          .map(({ data }) => data.object as Stripe.Checkout.Session)
          .find((one) => one.id === id)
      expect(await told('checkout.session.completed')).toMatchObject({ payment_status: 'unpaid' })
      await outside.advance(minuteMs)
      expect(await told(`checkout.session.${end}`)).toMatchObject({
        payment_status: bankDebit === 'succeeds' ? 'paid' : 'unpaid',
      })
    }
    const seconds = await now(outside)
    for (const ahead of [29 * 60, 24 * 3600 + 60])
      expect((await refusal(start({ expires_at: seconds + ahead }))).status).toBe(400)
    const { id } = await start({ expires_at: seconds + 31 * 60 })
    expect((await stripe.checkout.sessions.expire(id)).status).toBe('expired')
    expect((await refusal(stripe.checkout.sessions.expire(id))).status).toBe(400)
  })

  line('`payment_intent.charges` is gone: use `latest_charge`.', async (outside) => {
    const { stripe, charge } = open(outside)
    const paid = await charge()
    const intent = await stripe.paymentIntents.retrieve(String(paid.payment_intent))
    expect('charges' in intent).toBe(false)
    expect(intent.latest_charge).toBe(paid.id)
    expect(paid.refunds ?? null).toBeNull()
    expect((await stripe.charges.retrieve(paid.id, { expand: ['refunds'] })).refunds).toMatchObject({
      object: 'list',
      data: [],
    })
  })

  line('`transfers` needs `currency` and `destination`; add `source_transaction`', async (outside) => {
    const { stripe, charge, account } = open(outside)
    const [paid, { id: destination }] = [await charge(), await account()]
    for (const lacking of [
      { amount: 100, destination },
      { amount: 100, currency: 'aud' },
    ]) {
      expect(
        (await refusal(stripe.transfers.create(lacking as object as Stripe.TransferCreateParams))).code,
      ).toBe('parameter_missing')
    }
    const wanted = { amount: 1206, currency: 'aud', destination }
    expect((await refusal(stripe.transfers.create(wanted))).code).toBe('balance_insufficient')
    const transfer = await stripe.transfers.create({ ...wanted, source_transaction: paid.id })
    await stripe.refunds.create({ charge: paid.id, amount: 1000 })
    expect(await stripe.transfers.retrieve(transfer.id)).toMatchObject({
      amount_reversed: 0,
      reversed: false,
    })
    for (const other of ['reverse_transfer', 'refund_application_fee']) {
      expect(
        (await refusal(stripe.refunds.create({ charge: paid.id, amount: 100, [other]: true }))).status,
      ).toBe(400)
    }
    await stripe.transfers.createReversal(transfer.id)
    expect(await stripe.transfers.retrieve(transfer.id)).toMatchObject({
      amount_reversed: 1206,
      reversed: true,
    })
  })

  line(
    '`account_links` needs `account` and `type`, and `refresh_url` + `return_url` for onboarding',
    async (outside) => {
      const { stripe } = open(outside)
      const { id } = await stripe.accounts.create({
        type: 'express',
        country: 'AU',
        capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      })
      const whole = {
        account: id,
        type: 'account_onboarding' as const,
        refresh_url: 'http://localhost/again',
        return_url: 'http://localhost/back',
      }
      for (const lacking of ['account', 'type', 'refresh_url', 'return_url'] as const) {
        const { [lacking]: _left, ...rest } = whole
        expect((await refusal(stripe.accountLinks.create(rest as typeof whole))).status, lacking).toBe(400)
      }
      const visit = (url: string) => fetch(url, { redirect: 'manual' })
      const { url, expires_at: expiresAt } = await stripe.accountLinks.create(whole)
      expect(expiresAt - (await now(outside))).toBeLessThanOrEqual(600)
      expect((await visit(url)).status).toBe(200)
      expect((await visit(url)).headers.get('location')).toBe(whole.refresh_url)
      const late = await stripe.accountLinks.create(whole)
      await outside.advance(hourMs)
      expect((await visit(late.url)).headers.get('location')).toBe(whole.refresh_url)
      const back = await stripe.accounts.retrieve(id)
      expect(back).toMatchObject({ payouts_enabled: false, details_submitted: false })
      expect(back.requirements?.currently_due?.length).toBeGreaterThan(0)
      expect((await refusal(stripe.accounts.createLoginLink(id))).status).toBe(400)
      await outside.control('POST', `/stripe/accounts/${id}/onboard`)
      expect(await stripe.accounts.retrieve(id)).toMatchObject({
        payouts_enabled: true,
        requirements: { currently_due: [] },
      })
      expect((await stripe.accounts.createLoginLink(id)).url).toContain('http')
    },
  )

  line(
    'Connect events carry top-level `account` and need an endpoint created with `connect=true`.',
    async (outside) => {
      const { stripe, account } = open(outside)
      for (const connect of [true, false]) {
        await stripe.webhookEndpoints.create({
          url: `${outside.receiver.url}/connect-${connect}`,
          enabled_events: ['account.updated'],
          connect,
        })
      }
      const { id } = await account()
      await outside.sandbox.settled()
      const told = (connect: boolean) =>
        outside.receiver.received
          .filter(({ path }) => path === `/connect-${connect}`)
          .map(({ body }) => JSON.parse(body).account)
      expect(told(true)).toContain(id)
      expect(told(false)).toEqual([])
    },
  )

  line(
    'Refund `status` can be `pending`, `requires_action`, `succeeded`, `failed`, `canceled`',
    async (outside) => {
      const { stripe, charge } = open(outside)
      const refunds = []
      for (const card of ['4242424242424242', '4000000000007726', '4000000000005126'])
        refunds.push(await stripe.refunds.create({ charge: (await charge(card)).id }))
      expect(refunds.map(({ status }) => status)).toEqual(['succeeded', 'pending', 'succeeded'])
      await outside.advance(dayMs)
      const later = await Promise.all(refunds.map(({ id }) => stripe.refunds.retrieve(id)))
      expect(later.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'failed'])
      const about = async (type: string) =>
        (await events(stripe, type)).map(({ data }) => (data.object as Stripe.Refund).id)
      expect(await about('refund.updated')).toEqual(expect.arrayContaining([later[1]!.id]))
      expect(await about('refund.failed')).toEqual([later[2]!.id])
    },
  )
})
