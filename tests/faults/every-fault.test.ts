// Every kind of fault at every provider during a whole journey: it is survived, or the person affected reads
// why, tries again and succeeds. FAULTS=all breaks each operation that a journey uses once.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openChecklist } from '../../world/checklist.ts'
import { editRow, rowsOf } from '../../world/outside.ts'
import { Person, type Refused, waitFor } from '../../world/person.ts'
import { walkJourney } from '../../world/walk.ts'
import type { Silence } from '../../world/walk/walk.ts'
import { callFaults, deliveryFaults, type FaultKind, type NewFault } from '../../sandbox/core/faults.ts'
import type { JournalEntry } from '../../sandbox/core/journal.ts'
import { violations, untilIdle } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { clearFaults, injectFault } from './sandbox.ts'
import type { HostPage } from '../../server/journey/hosts/host-view.ts'
import { minuteMs } from '../../server/lib/time.ts'

type Provider = NewFault['provider']
const providers: Provider[] = ['stripe', 'twilio', 'calcom', 'daily', 'airtable']

/**
 * The operations that only our server calls in a journey. (The walk itself reads the base as a program:
 * records.list.)
 */
const calls: Record<Provider, { usual: string[]; others: string[] }> = {
  stripe: {
    usual: ['customers.create', 'checkout.sessions.create', 'checkout.sessions.retrieve', 'transfers.create'],
    others: [
      'accounts.create',
      'account_links.create',
      'accounts.retrieve',
      'charges.retrieve',
      'balance_transactions.list',
    ],
  },
  twilio: { usual: ['verifications.create', 'messages.create'], others: ['verificationChecks.create'] },
  calcom: {
    usual: ['slots.list', 'bookings.create'],
    others: ['event_types.list', 'slots.reservations.create', 'slots.reservations.delete', 'bookings.list'],
  },
  daily: { usual: ['rooms.create'], others: ['meetings.list', 'rooms.delete'] },
  airtable: { usual: ['records.update'], others: ['meta.tables.list'] },
}
// A calendar that says "later" is asked again only after ten seconds, so these kinds hit its other call
// unless all are wanted.
const saysLater: FaultKind[] = ['rate_limit', 'outage', 'slow']
function struck(provider: Provider, kind: FaultKind): string[] {
  const { usual, others } = calls[provider]
  if (process.env['FAULTS'] === 'all') return [...usual, ...others]
  return usual.filter((operation) => !(saysLater.includes(kind) && operation === 'bookings.create'))
}

/**
 * How often each kind strikes: often enough to be felt, seldom enough that a journey takes seconds. A
 * calendar that fails twice is waited for longer.
 */
const orders: Record<FaultKind, Partial<NewFault>> = {
  error_before: { times: 1 },
  error_after: { times: 1 },
  timeout_after: { times: 1 },
  malformed: { times: 1 },
  rate_limit: { times: 1, delayMs: 1_000 },
  slow: { times: 1, delayMs: 700 },
  outage: { times: 2 },
  drop: {},
  duplicate: {},
  delay: { delayMs: 300 },
  reorder: { delayMs: 400 },
  tamper: { times: 1 },
  old_secret: { times: 1 },
}

let presence: Presence
let seen = 0
beforeAll(async () => {
  presence = await startPresence()
  await untilIdle(presence)
})
afterEach(() => clearFaults(presence))
afterAll(() => presence?.stop())

async function journal(): Promise<JournalEntry[]> {
  const { entries } = (await (
    await fetch(`${presence.sandboxUrl}/_sandbox/journal?since=${seen}`)
  ).json()) as { entries: JournalEntry[] }
  seen = entries.at(-1)?.id ?? seen
  return entries
}

/** Walks the journey; returns the sentences that people read on the way. */
async function walk(silence: Silence = {}): Promise<Refused[]> {
  const met: Refused[] = []
  const list = openChecklist(() => undefined)
  await walkJourney({ ...presence, onSetback: (refused) => met.push(refused) }, list, silence).catch(
    (error: unknown) => {
      throw new Error(`the journey ended at "${list.lines.at(-1)?.line}": ${list.lines.at(-1)?.problem}`, {
        cause: error,
      })
    },
  )
  expect(list.lines.filter((line) => !line.passed)).toEqual([])
  return met
}

/**
 * Nothing was lost or done twice, no provider limit that refuses for long was reached, and each fault really
 * struck.
 */
async function endsWell(kind: FaultKind): Promise<void> {
  await clearFaults(presence)
  await presence.moveClock({ advanceMs: minuteMs })
  await untilIdle(presence)
  await expect
    .poll(() => violations(presence), { timeout: 15_000, interval: 1_000, message: 'promises broken' })
    .toEqual([])
  const entries = await journal()
  // Stripe's limit passes within a second and its package retries; the others then refuse for long.
  const lasting = entries.filter(
    (entry) => entry.status === 429 && !entry.fault && entry.provider !== 'stripe',
  )
  expect(
    lasting.map((entry) => `${entry.provider} ${entry.operation} ${entry.at}`),
    'over a limit',
  ).toEqual([])
  const faulted = new Set(entries.filter((entry) => entry.fault === kind).map((entry) => entry.provider))
  expect(providers.filter((provider) => !faulted.has(provider))).toEqual([])
}

describe('calls', () => {
  test.each(callFaults)(
    'the journey survives %s of all five providers, and people are told what is in the way',
    async (kind) => {
      await journal()
      for (const provider of providers)
        for (const operation of struck(provider, kind))
          await injectFault(presence, {
            provider,
            operation,
            kind,
            ...orders[kind],
            ...(operation === 'bookings.create' ? { times: 1 } : {}),
          })
      for (const { sentence, message } of await walk()) {
        expect(sentence, message).toMatch(/^[A-Z][^{}]+\.$/)
        expect(sentence, message).not.toMatch(/twilio|cal\.com|daily|airtable|error|json|\b[45]\d\d\b/i)
      }
      await endsWell(kind)
    },
  )
})

describe('webhooks', () => {
  test.each(deliveryFaults)('the journey survives %s of the webhooks of all five providers', async (kind) => {
    await journal()
    for (const provider of providers) await injectFault(presence, { provider, kind, ...orders[kind] })
    const heard = operatorIsHeard()
    const isSilent = kind === 'drop'
    expect(await walk({ isStripeSilent: isSilent, isDailySilent: isSilent })).toEqual([])
    await heard(isSilent)
    await endsWell(kind)
  })
})

/** An operator edits a host. Where their ping is lost, the next edit brings this one too. */
function operatorIsHeard(): (isSilent: boolean) => Promise<void> {
  const words = `I keep bees, since ${Math.random()}.`
  const edit = async () => {
    const row = (await rowsOf(presence, 'Hosts')).find(
      ({ fields }) => fields['Full Name'] === 'Ruby Tamihana',
    )!
    await editRow(presence, 'Hosts', row.id, { 'About You (Host Bio)': words })
    return row.id
  }
  const edited = edit()
  return async (isSilent) => {
    const rowId = await edited
    if (isSilent) {
      await clearFaults(presence)
      await editRow(presence, 'Hosts', rowId, { Email: `${Math.random()}@example.com` })
    }
    const visitor = new Person(presence, '')
    await waitFor('the edited words', async () => {
      const { hosts } = await visitor.ask<HostPage>('GET', '/api/hosts?limit=100&q=ruby')
      return hosts.some(({ bio }) => bio === words)
    })
  }
}
