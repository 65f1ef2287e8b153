// The two webhook endpoints at Stripe: created or completed at start. An operator is told what only a person
// can do.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { stripeEvents } from '../../server/journey/money/stripe-events.ts'
import { registerStripeEndpoints } from '../../server/journey/money/register-stripe-endpoints.ts'
import type { Context } from '../../server/journey/context.ts'
import { stripeOf } from '../../world/outside.ts'
import { openVerbs, type Verbs } from '../people/verbs.ts'

let verbs: Verbs
let said: string[] = []

beforeAll(async () => {
  verbs = await openVerbs()
})
beforeEach(() => {
  said = []
  vi.spyOn(console, 'warn').mockImplementation((words: string) => void said.push(words))
})
afterAll(() => verbs?.stop())

const endpoints = async () => (await stripeOf(verbs.presence).webhookEndpoints.list()).data
const tasks = () =>
  verbs.db
    .selectFrom('operatorTasks')
    .select('sentence')
    .where('kind', '=', 'setup')
    .where('resolvedAt', 'is', null)
    .execute()
const at = (publicUrl: string): Context => ({ ...verbs.ctx, config: { ...verbs.ctx.config, publicUrl } })

test('missing endpoints are created for our events and version, and an operator adds secrets', async () => {
  const left = await registerStripeEndpoints(at('https://presence.example'))
  expect(left).toHaveLength(2)
  for (const sentence of left) expect(sentence).toContain('STRIPE_WEBHOOK_SECRET')
  expect(said.length).toBe(2)
  expect(await tasks()).toHaveLength(2)
  const made = (await endpoints()).filter(
    ({ url }) => url === 'https://presence.example/functions/v1/stripe-payment-confirm',
  )
  const own = made.find(({ application }) => application === null)!
  const connect = made.find(({ application }) => application !== null)!
  expect([...own.enabled_events].sort()).toEqual([...stripeEvents.platform].sort())
  expect(connect.enabled_events).toEqual(stripeEvents.connect)
  expect(made.map(({ api_version }) => api_version)).toEqual([
    expect.stringMatching(/^20\d\d-/),
    own.api_version,
  ])
  // The next start finds them. Only a person knows whether their secrets are set.
  expect(await registerStripeEndpoints(at('https://presence.example'))).toEqual([])
  expect(await tasks()).toHaveLength(2)
  expect((await endpoints()).length).toBe(4)
})

test('events missing from an endpoint are added, and those of others stay', async () => {
  const stripe = stripeOf(verbs.presence)
  const made = await stripe.webhookEndpoints.create({
    url: 'https://fewer.example/functions/v1/stripe-payment-confirm',
    enabled_events: ['checkout.session.completed', 'payout.failed'],
  })
  await stripe.webhookEndpoints.update(made.id, { disabled: true })
  await registerStripeEndpoints(at('https://fewer.example'))
  const after = await stripe.webhookEndpoints.retrieve(made.id)
  expect(after.status).toBe('enabled')
  expect([...after.enabled_events].sort()).toEqual(
    [...new Set([...stripeEvents.platform, 'payout.failed'])].sort(),
  )
})

test('an endpoint of another version is named, once, until it is replaced', async () => {
  const { store } = verbs.presence.sandbox.ctx
  const own = (await endpoints()).find(
    ({ url, application }) => url.startsWith('https://presence.example') && application === null,
  )!
  store.put('stripe.webhook_endpoint', own.id, { ...own, api_version: '2020-08-27' })
  for (let start = 0; start < 2; start++) {
    expect(await registerStripeEndpoints(at('https://presence.example'))).toEqual([
      expect.stringContaining('made for version 2020-08-27'),
    ])
  }
  const named = async () => (await tasks()).filter(({ sentence }) => sentence.includes('2020-08-27')).length
  expect(await named()).toBe(1)
  store.delete('stripe.webhook_endpoint', own.id)
  await registerStripeEndpoints(at('https://presence.example'))
  expect(await named()).toBe(0)
})

test('no endpoint is created for an address that Stripe cannot reach, and that is logged', async () => {
  const before = (await endpoints()).length
  expect(await registerStripeEndpoints(at('http://localhost:3999'))).toEqual([
    expect.stringContaining('PUBLIC_URL'),
    expect.stringContaining('PUBLIC_URL'),
  ])
  expect((await endpoints()).length).toBe(before)
})
