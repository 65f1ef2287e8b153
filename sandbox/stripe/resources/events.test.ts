import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { daySeconds } from '../../core/durations.ts'
import { startStripe } from '../testing/world.ts'
import { stripeSignature } from '../wire/signature.ts'

const contracts = process.env['CONTRACTS_DIR'] ?? resolve(import.meta.dirname, '../../../../shared/contracts')
const vectorsFile = resolve(contracts, 'signature.vectors.json')
type Vector = { id: string; body: string; secret: string; timestamp: number; header: { value: string } }

describe('webhooks', () => {
  test.skipIf(!existsSync(vectorsFile))(
    'are signed as the published vectors are (skipped where the contracts folder is missing)',
    () => {
      const { vectors } = JSON.parse(readFileSync(vectorsFile, 'utf8')) as { vectors: Vector[] }
      const { body, secret, timestamp, header } = vectors.find(({ id }) => id === 'stripe-1')!
      expect(stripeSignature(body, secret, timestamp * 1000)).toBe(header.value)
    },
  )

  test('show the object at that moment, the request, and what changed', async () => {
    const { client, openCheckout, pay, paidCharge, arrived } = await startStripe()
    await pay(await openCheckout())
    const { id } = (await client.charges.list()).data[0]!
    await paidCharge()
    await client.refunds.create({ charge: id, amount: 600 }, { idempotencyKey: 'refund-1' })
    const events = await arrived()
    const [succeeded] = events
    expect(succeeded).toMatchObject({
      type: 'charge.succeeded',
      api_version: '2026-10-28.endive',
      livemode: false,
      pending_webhooks: 1,
      data: { object: { id, amount_refunded: 0 } },
    })
    expect(events.find(({ type }) => type === 'charge.refunded')).toMatchObject({
      data: { object: { id, amount_refunded: 600 }, previous_attributes: { amount_refunded: 0 } },
      request: { id: expect.stringMatching(/^req_/), idempotency_key: 'refund-1' },
    })
    expect((await client.events.retrieve(succeeded!.id)).data).toEqual(succeeded!.data)
  })

  test('reach an endpoint made through the API until it is disabled', async () => {
    const { client, application, sandbox } = await startStripe()
    const endpoint = await client.webhookEndpoints.create({
      url: `${application.url}/mine`,
      enabled_events: ['customer.created'],
    })
    await client.customers.create({ name: 'Mia' })
    await sandbox.settled()
    await client.webhookEndpoints.update(endpoint.id, { disabled: true })
    await client.customers.create({ name: 'Ana' })
    await sandbox.settled()
    const mine = application.received.filter(({ path }) => path === '/mine')
    expect(
      mine.map(
        ({ body, headers }) =>
          client.webhooks.constructEvent(body, headers['stripe-signature']!, endpoint.secret!).type,
      ),
    ).toEqual(['customer.created'])
  })

  test('of a connected account name it and reach only Connect endpoints', async () => {
    const { client, application, readyAccount, arrived, sandbox } = await startStripe()
    await client.webhookEndpoints.create({ url: `${application.url}/own`, enabled_events: ['*'] })
    const account = await readyAccount()
    expect(await arrived()).toMatchObject([
      { type: 'account.updated', account: account.id, data: { object: { payouts_enabled: true } } },
    ])
    await sandbox.settled()
    expect(application.received.filter(({ path }) => path === '/own')).toEqual([])
  })

  test('are listed by type', async () => {
    const { client, paidCharge } = await startStripe()
    await paidCharge()
    const types = async (params: object) => (await client.events.list(params)).data.map(({ type }) => type)
    expect(await types({ type: 'charge.succeeded' })).toEqual(['charge.succeeded'])
    expect(await types({ type: 'payment_intent.*' })).toEqual([
      'payment_intent.succeeded',
      'payment_intent.created',
    ])
    expect(await types({ types: ['charge.succeeded', 'checkout.session.completed'] })).toEqual([
      'checkout.session.completed',
      'charge.succeeded',
    ])
  })
})

test('objects, idempotency keys and expiries survive a restart, with present endpoints', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'stripe-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const before = await startStripe({ dataDir })
  const session = await before.openCheckout({})
  const customer = await before.client.customers.create({ name: 'Mia' }, { idempotencyKey: 'k1' })
  await before.sandbox.close()
  const after = await startStripe({ dataDir })
  expect((await after.client.customers.create({ name: 'Mia' }, { idempotencyKey: 'k1' })).id).toBe(
    customer.id,
  )
  const { data: endpoints } = await after.client.webhookEndpoints.list()
  expect(endpoints.map(({ url }) => url)).toEqual(
    Array(2).fill(`${after.application.url}/functions/v1/stripe-payment-confirm`),
  )
  await after.advance(daySeconds)
  expect((await after.client.checkout.sessions.retrieve(session.id)).status).toBe('expired')
  expect((await after.arrived()).map(({ type }) => type)).toEqual(['checkout.session.expired'])
})
