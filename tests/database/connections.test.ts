// npm run doctor and Connections: all is in order on the sandbox, and each misconfiguration is named with its
// cause and what to do.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { learnIds } from '../../server/integrations/airtable-ids.ts'
import { openContext, type Context } from '../../server/journey/context.ts'
import { checkConnections, findConnections } from '../../server/journey/connections/check-connections.ts'
import type { ConnectionProvider } from '../../server/journey/connections/connection.ts'
import { readConnections } from '../../server/journey/connections/read-connections.ts'
import { registerStripeEndpoints } from '../../server/journey/money/register-stripe-endpoints.ts'
import { registerWalletDomain } from '../../server/journey/money/register-wallet-domain.ts'
import { registerAirtableWebhook } from '../../server/journey/records/register-airtable-webhook.ts'
import type { Config } from '../../server/config.ts'
import type { NewFault } from '../../sandbox/core/faults.ts'
import { addDays, now } from '../../server/lib/time.ts'
import { newId } from '../../server/lib/ids.ts'
import { clearFaults, injectFault } from '../faults/sandbox.ts'
import { openVerbs, type Verbs } from '../people/verbs.ts'

let verbs: Verbs
beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  verbs = await openVerbs()
  await fetch(`${verbs.presence.sandboxUrl}/_sandbox/limits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ on: false }),
  })
  await learnIds(verbs.ctx.airtable)
  await registerAirtableWebhook(verbs.ctx)
  await registerStripeEndpoints(verbs.ctx)
  await registerWalletDomain(verbs.ctx)
})
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})
afterEach(() => clearFaults(verbs.presence))
afterAll(() => verbs?.stop())

/** The services without our own limits, which would stretch many looks over minutes. */
function open(change: (config: Config) => Partial<Config> = () => ({})): Context {
  const config = { ...verbs.ctx.config, ...change(verbs.ctx.config) }
  const ctx = openContext(config, verbs.db)
  return {
    ...ctx,
    calcom: { ...ctx.calcom, ...config.calcom, allowCall: async () => true },
    daily: { ...ctx.daily, ...config.daily, waitForRate: async () => true },
    airtable: { ...ctx.airtable, withPermit: async (call) => call() },
  }
}

const store = () => verbs.presence.sandbox.ctx.store
const failing = async (ctx: Context, provider: ConnectionProvider) =>
  (await findConnections(ctx, [provider])).filter(({ state }) => state === 'failing')

test('all is in order on the sandbox, and the last look is kept', async () => {
  const lines = await checkConnections(open())
  expect(lines.filter(({ state }) => state !== 'ok')).toEqual([])
  expect(new Set(lines.map(({ provider }) => provider)).size).toBe(6)
  expect(await readConnections(verbs.db)).toEqual({ checkedAt: expect.any(String), lines })
})

/** Changes a document of the sandbox until the test ends. */
function put<Doc extends object>(kind: string, id: string, change: Partial<Doc> | undefined): () => void {
  const before = store().get<Doc>(kind, id)
  if (change === undefined) store().delete(kind, id)
  else store().put(kind, id, { ...before, ...change })
  return () => (before === undefined ? store().delete(kind, id) : store().put(kind, id, before))
}

type Endpoint = { id: string; url: string; application: string | null }
const endpoint = (isConnect: boolean) =>
  store()
    .list<Endpoint>('stripe.webhook_endpoint')
    .find(({ application }) => (application !== null) === isConnect)!.id
const domain = () => store().list<{ id: string }>('stripe.payment_method_domain')[0]!.id
const dailyHook = () => store().list<{ uuid: string }>('daily.webhook')[0]!.uuid
const eventType = () => {
  const owner = store().get<{ id: number }>('calcom.account', 'amelia-hart')!.id
  return String(
    store()
      .list<{ id: number; ownerId: number }>('calcom.event-type')
      .find(({ ownerId }) => ownerId === owner)!.id,
  )
}
const refuse = (provider: NewFault['provider'], operation: string, status: number, code?: string) => () =>
  injectFault(verbs.presence, {
    ...{ provider, operation, kind: 'error_before', status },
    ...(code ? { code } : {}),
  })

type Case = {
  provider: ConnectionProvider
  cause: string
  /** What the line must tell somebody to do. */
  mend: RegExp
  config?: (config: Config) => Partial<Config>
  /** The same without the clients, which go on asking the sandbox. */
  shown?: (config: Config) => Partial<Config>
  /** Changes the sandbox; what it answers undoes that. */
  arrange?: () => unknown
}
const cases: [wrong: string, one: Case][] = [
  [
    'PUBLIC_URL is this machine',
    {
      provider: 'presence',
      cause: 'public_url',
      mend: /tunnel/,
      config: ({ stripe }) => ({
        publicUrl: 'http://localhost:3000',
        stripe: { ...stripe, apiUrl: 'https://api.stripe.com' },
      }),
    },
  ],
  [
    'PUBLIC_URL is in a private network',
    {
      provider: 'presence',
      cause: 'public_url',
      mend: /public https/,
      config: ({ stripe }) => ({
        publicUrl: 'https://192.168.1.4',
        stripe: { ...stripe, apiUrl: 'https://api.stripe.com' },
      }),
    },
  ],
  [
    'PUBLIC_URL has a path',
    {
      provider: 'presence',
      cause: 'public_url_path',
      mend: /scheme and host/,
      config: () => ({ publicUrl: 'https://example.com/presence' }),
    },
  ],
  [
    'the Stripe key is wrong',
    {
      provider: 'stripe',
      cause: 'credentials',
      mend: /STRIPE_SECRET_KEY/,
      config: ({ stripe }) => ({ stripe: { ...stripe, secretKey: 'sk_test_wrong' } }),
    },
  ],
  [
    'the Stripe keys are of two modes',
    {
      provider: 'stripe',
      cause: 'keys_of_two_modes',
      mend: /same mode/,
      config: ({ stripe }) => ({ stripe: { ...stripe, publishableKey: 'pk_live_1' } }),
    },
  ],
  [
    'the publishable key is a secret one',
    {
      provider: 'stripe',
      cause: 'publishable_key',
      mend: /pk_/,
      config: ({ stripe }) => ({ stripe: { ...stripe, publishableKey: stripe.secretKey } }),
    },
  ],
  [
    'the Stripe account is not activated',
    {
      provider: 'stripe',
      cause: 'not_activated',
      mend: /activation/,
      arrange: () => put('stripe.platform', 'platform', { isActivated: false }),
    },
  ],
  [
    'a restricted key lacks a right',
    {
      provider: 'stripe',
      cause: 'rights:right: Refunds',
      mend: /permission/,
      arrange: refuse('stripe', 'refunds.list', 403),
    },
  ],
  [
    'Connect is not switched on',
    {
      provider: 'stripe',
      cause: 'connect',
      mend: /Open Connect/,
      arrange: () =>
        injectFault(verbs.presence, {
          provider: 'stripe',
          operation: 'accounts.list',
          kind: 'error_before',
          status: 400,
          code: 'invalid',
          sentence: "You can only do this if you've signed up for Connect.",
        }),
    },
  ],
  [
    'the Stripe webhook is missing',
    {
      provider: 'stripe',
      cause: 'webhook_missing',
      mend: /STRIPE_WEBHOOK_SECRET/,
      arrange: () => put('stripe.webhook_endpoint', endpoint(false), undefined),
    },
  ],
  [
    'the webhook of accounts is missing',
    {
      provider: 'stripe',
      cause: 'webhook_of_accounts_missing',
      mend: /STRIPE_WEBHOOK_SECRET/,
      arrange: () => put('stripe.webhook_endpoint', endpoint(true), undefined),
    },
  ],
  [
    'the Stripe webhook is switched off',
    {
      provider: 'stripe',
      cause: 'webhook_disabled',
      mend: /Switch it on/,
      arrange: () => put('stripe.webhook_endpoint', endpoint(false), { status: 'disabled' }),
    },
  ],
  [
    'the Stripe webhook lacks an event',
    {
      provider: 'stripe',
      cause: 'webhook_events',
      mend: /adds them/,
      arrange: () => put('stripe.webhook_endpoint', endpoint(false), { enabled_events: ['charge.updated'] }),
    },
  ],
  [
    'the Stripe webhook speaks another version',
    {
      provider: 'stripe',
      cause: 'webhook_version',
      mend: /new secret/,
      arrange: () => put('stripe.webhook_endpoint', endpoint(false), { api_version: '2020-08-27' }),
    },
  ],
  [
    'the domain is not registered for wallets',
    {
      provider: 'stripe',
      cause: 'domain_missing',
      mend: /Payment method domains/,
      arrange: () => put('stripe.payment_method_domain', domain(), undefined),
    },
  ],
  [
    'the domain is switched off for wallets',
    {
      provider: 'stripe',
      cause: 'domain_disabled',
      mend: /Switch it on/,
      arrange: () => put('stripe.payment_method_domain', domain(), { enabled: false }),
    },
  ],
  [
    'the Stripe webhook secret was rolled',
    { provider: 'stripe', cause: 'silent', mend: /STRIPE_WEBHOOK_SECRET/, arrange: paidInSilence },
  ],
  [
    'the Twilio token was changed',
    {
      provider: 'twilio',
      cause: 'credentials',
      mend: /TWILIO_AUTH_TOKEN/,
      config: ({ twilio }) => ({ twilio: { ...twilio, authToken: 'wrong' } }),
    },
  ],
  [
    'the Twilio account is suspended',
    {
      provider: 'twilio',
      cause: 'account',
      mend: /console/,
      arrange: () => put('twilio.standing', 'account', { status: 'suspended' }),
    },
  ],
  [
    'the Twilio account is a trial',
    {
      provider: 'twilio',
      cause: 'trial',
      mend: /Upgrade/,
      arrange: () => put('twilio.standing', 'account', { type: 'Trial' }),
    },
  ],
  [
    'the Verify service is unknown',
    {
      provider: 'twilio',
      cause: 'service',
      mend: /TWILIO_VERIFY_SERVICE_SID/,
      config: ({ twilio }) => ({ twilio: { ...twilio, verifyServiceSid: `VA${'0'.repeat(32)}` } }),
    },
  ],
  [
    'the Verify service sends four digits',
    {
      provider: 'twilio',
      cause: 'code_length',
      mend: /to 6/,
      arrange: () =>
        put('twilio.service', verbs.presence.keys['TWILIO_VERIFY_SERVICE_SID']!, { codeLength: 4 }),
    },
  ],
  [
    'the messaging service is unknown',
    {
      provider: 'twilio',
      cause: 'service',
      mend: /TWILIO_MESSAGING_SERVICE_SID/,
      config: ({ twilio }) => ({ twilio: { ...twilio, messagingServiceSid: `MG${'0'.repeat(32)}` } }),
    },
  ],
  [
    'the messaging service has no sender',
    {
      provider: 'twilio',
      cause: 'sender',
      mend: /Sender Pool/,
      arrange: () => put('twilio.standing', 'account', { numbers: [] }),
    },
  ],
  [
    'replies go elsewhere',
    {
      provider: 'twilio',
      cause: 'inbound',
      mend: /twilio-inbound/,
      arrange: () => put('twilio.standing', 'account', { inboundUrl: 'https://demo.twilio.com/welcome' }),
    },
  ],
  [
    'Twilio cannot reach the address for reports',
    {
      provider: 'twilio',
      cause: 'callback',
      mend: /public https/,
      shown: ({ twilio }) => ({
        publicUrl: 'http://localhost:3000',
        twilio: { ...twilio, apiUrl: 'https://api.twilio.com' },
      }),
    },
  ],
  [
    'the Cal.com key is wrong',
    {
      provider: 'calcom',
      cause: 'credentials',
      mend: /API keys/,
      config: ({ calcom }) => ({ calcom: { ...calcom, apiKey: 'cal_live_wrong' } }),
    },
  ],
  [
    'the Cal.com key lacks a right',
    {
      provider: 'calcom',
      cause: 'rights:webhook',
      mend: /administrator/,
      arrange: refuse('calcom', 'webhooks.list', 403),
    },
  ],
  [
    'the Cal.com webhook is missing',
    {
      provider: 'calcom',
      cause: 'webhook_missing',
      mend: /calcom-webhook/,
      arrange: () => put('calcom.webhook', '1', { subscriberUrl: 'https://elsewhere.example' }),
    },
  ],
  [
    'the Cal.com webhook is switched off',
    {
      provider: 'calcom',
      cause: 'webhook_disabled',
      mend: /Switch it on/,
      arrange: () => put('calcom.webhook', '1', { active: false }),
    },
  ],
  [
    'the Cal.com webhook lacks triggers',
    {
      provider: 'calcom',
      cause: 'webhook_triggers',
      mend: /triggers/,
      arrange: () => put('calcom.webhook', '1', { triggers: ['BOOKING_CREATED'] }),
    },
  ],
  [
    'an event type is deleted',
    {
      provider: 'calcom',
      cause: 'event_type_missing',
      mend: /Cal Link of Amelia Hart/,
      arrange: () => put('calcom.event-type', eventType(), { slug: 'half-hour' }),
    },
  ],
  [
    'an event type is too long',
    {
      provider: 'calcom',
      cause: 'event_type_length',
      mend: /10 minutes/,
      arrange: () => put('calcom.event-type', eventType(), { lengthInMinutes: 30 }),
    },
  ],
  [
    'the Daily key is wrong',
    {
      provider: 'daily',
      cause: 'credentials',
      mend: /DAILY_API_KEY/,
      config: ({ daily }) => ({ daily: { ...daily, apiKey: 'wrong' } }),
    },
  ],
  [
    'the Daily domain has a long name',
    {
      provider: 'daily',
      cause: 'domain_length',
      mend: /at most 12/,
      arrange: () => put('daily.domain', 'domain', { name: 'presence-video-au' }),
    },
  ],
  [
    'the Daily webhook is missing',
    {
      provider: 'daily',
      cause: 'webhook_missing',
      mend: /docs\/accounts.md/,
      arrange: () => put('daily.webhook', dailyHook(), { url: 'https://elsewhere.example' }),
    },
  ],
  [
    'Daily has stopped the webhook',
    {
      provider: 'daily',
      cause: 'webhook_stopped',
      mend: /again/,
      arrange: () => put('daily.webhook', dailyHook(), { state: 'FAILED' }),
    },
  ],
  [
    'the Daily webhook lacks events',
    {
      provider: 'daily',
      cause: 'webhook_events',
      mend: /again/,
      arrange: () => put('daily.webhook', dailyHook(), { eventTypes: ['meeting.started'] }),
    },
  ],
  [
    'the Daily webhook stops after three failures',
    {
      provider: 'daily',
      cause: 'webhook_retries',
      mend: /exponential/,
      arrange: () => put('daily.webhook', dailyHook(), { retryType: 'circuit-breaker' }),
    },
  ],
  [
    'the Airtable token is wrong',
    {
      provider: 'airtable',
      cause: 'credentials',
      mend: /AIRTABLE_ACCESS_TOKEN/,
      config: ({ airtable }) => ({ airtable: { ...airtable, accessToken: 'patWrong' } }),
    },
  ],
  [
    'the Airtable base is unknown',
    {
      provider: 'airtable',
      cause: 'rights:token',
      mend: /this base/,
      config: ({ airtable }) => ({ airtable: { ...airtable, baseId: 'appAAAAAAAAAAAAAA' } }),
    },
  ],
  [
    'the Airtable token may not write',
    {
      provider: 'airtable',
      cause: 'rights:right to write',
      mend: /scopes/,
      arrange: refuse('airtable', 'records.update', 403),
    },
  ],
  [
    'the Airtable token may not manage webhooks',
    {
      provider: 'airtable',
      cause: 'rights:webhook',
      mend: /scopes/,
      arrange: refuse('airtable', 'webhooks.list', 403),
    },
  ],
  [
    "Airtable's calls of the month are used up",
    {
      provider: 'airtable',
      cause: 'monthly_limit',
      mend: /larger plan/,
      arrange: refuse('airtable', 'meta.tables.list', 429, 'PUBLIC_API_BILLING_LIMIT_EXCEEDED'),
    },
  ],
  [
    'a webhook of the base has ended',
    {
      provider: 'airtable',
      cause: 'webhook_expired',
      mend: /registers it/,
      arrange: () =>
        put('airtable.webhook', store().list<{ id: string }>('airtable.webhook')[0]!.id, {
          expiresAtMs: Date.now() - 1000,
        }),
    },
  ],
]

/** A purchase was paid three weeks ago, and no webhook of Stripe has come. */
async function paidInSilence() {
  const { newMember } = await import('../people/verbs.ts')
  const member = await newMember(verbs.db)
  const host = await verbs.db.selectFrom('hosts').select('id').executeTakeFirstOrThrow()
  const id = newId()
  await verbs.db
    .insertInto('purchases')
    .values({
      ...{ id, memberId: member.id, hostId: host.id, plan: 'Adhoc', terms: '{}', amountCents: 1800 },
      ...{ currency: 'AUD', status: 'paid', createdAt: addDays(now(), -1), paidAt: addDays(now(), -1) },
      ...{ checkoutId: 'cs_1', chargeId: 'ch_1', paymentIntentId: 'pi_1' },
    })
    .execute()
  return async () => verbs.db.deleteFrom('purchases').where('id', '=', id).execute()
}

describe('a misconfiguration is named', () => {
  test.each(cases)('%s', async (_wrong, { provider, cause, mend, config, shown, arrange }) => {
    const undo = await arrange?.()
    try {
      const ctx = open(config)
      const lines = await failing({ ...ctx, config: { ...ctx.config, ...shown?.(ctx.config) } }, provider)
      const found = lines.find((line) => line.cause === cause || line.cause?.startsWith(`${cause}:`))
      expect(found, JSON.stringify(lines)).toBeDefined()
      expect(found!.mend).toMatch(mend)
      expect(found!.mend).toMatch(/\.$/)
    } finally {
      if (typeof undo === 'function') await (undo as () => unknown)()
    }
  })
})

test.each(['error_before', 'outage', 'rate_limit', 'malformed', 'timeout_after'] as const)(
  'the sandbox fails by %s, and every service has a red line',
  async (kind) => {
    for (const provider of ['stripe', 'twilio', 'calcom', 'daily', 'airtable'] as const)
      await injectFault(verbs.presence, { provider, kind })
    const red = (await findConnections(open())).filter(({ state }) => state === 'failing')
    expect([...new Set(red.map(({ provider }) => provider))].sort()).toEqual([
      'airtable',
      'calcom',
      'daily',
      'stripe',
      'twilio',
    ])
  },
)

test('one task waits for each service and cause, and closes when the next look finds it mended', async () => {
  const waiting = async () =>
    (
      await verbs.db
        .selectFrom('operatorTasks')
        .select('key')
        .where('key', 'like', 'refused:%')
        .where('resolvedAt', 'is', null)
        .execute()
    ).map(({ key }) => key)
  const undo = put('daily.webhook', dailyHook(), { state: 'FAILED' })
  await checkConnections(open())
  await checkConnections(open())
  expect(await waiting()).toEqual(['refused:daily:webhook_stopped'])
  undo()
  await injectFault(verbs.presence, { provider: 'daily', kind: 'outage' })
  await checkConnections(open())
  expect(await waiting(), 'a service that is away says nothing of its webhook').toHaveLength(1)
  await clearFaults(verbs.presence)
  await checkConnections(open())
  expect(await waiting()).toEqual([])
})
