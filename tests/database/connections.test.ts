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
import { clearFaults, injectFault } from '../faults/sandbox.ts'
import { openVerbs, type Verbs } from '../people/verbs.ts'
import { arrangeAt, dailyHook, put } from './misconfigurations/arrange.ts'
import { otherMisconfigurations } from './misconfigurations/others.ts'
import { stripeMisconfigurations } from './misconfigurations/stripe.ts'

let verbs: Verbs
beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  verbs = await openVerbs()
  arrangeAt(verbs)
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

const wrongLines = async (ctx: Context, provider: ConnectionProvider) =>
  (await findConnections(ctx, [provider])).filter(({ state }) => state !== 'ok')

test('all is in order on the sandbox, and the last look is kept', async () => {
  const lines = await checkConnections(open())
  // Two hosts of the seed have something to mend at Cal.com themselves.
  expect(lines.filter(({ state }) => state !== 'ok')).toEqual([
    expect.objectContaining({ state: 'notice', name: 'event type of Leila Haddad' }),
    expect.objectContaining({ state: 'notice', name: 'event type of Noah Bennett' }),
  ])
  expect(new Set(lines.map(({ provider }) => provider)).size).toBe(6)
  expect(await readConnections(verbs.db)).toEqual({ checkedAt: expect.any(String), lines })
})

describe('a misconfiguration is named', () => {
  test.each([...stripeMisconfigurations, ...otherMisconfigurations])(
    '%s',
    async (_wrong, { provider, cause, notice, mend, config, shown, arrange }) => {
      const undo = await arrange?.()
      try {
        const ctx = open(config)
        const lines = await wrongLines(
          { ...ctx, config: { ...ctx.config, ...shown?.(ctx.config) } },
          provider,
        )
        const found = lines.find((line) =>
          notice
            ? line.state === 'notice' && notice.test(line.finding)
            : line.state === 'failing' && (line.cause === cause || line.cause?.startsWith(`${cause}:`)),
        )
        expect(found, JSON.stringify(lines)).toBeDefined()
        expect(found!.mend).toMatch(mend)
        expect(found!.mend).toMatch(/\.$/)
      } finally {
        if (typeof undo === 'function') await (undo as () => unknown)()
      }
    },
  )
})

test.each(['error_before', 'outage', 'rate_limit', 'malformed', 'timeout_after'] as const)(
  'the sandbox fails by %s, and every service has a red line',
  async (kind) => {
    for (const provider of ['stripe', 'twilio', 'calcom', 'daily', 'airtable'] as const)
      await injectFault(verbs.presence, { provider, kind })
    const red = (await findConnections(open())).filter(({ state }) => state !== 'ok')
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
