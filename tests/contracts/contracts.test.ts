// Everything sent over the wire, in a whole journey and in all that can go wrong, fits the published
// specifications.
import { beforeAll, describe, expect, test } from 'vitest'
import { openChecklist } from '../../world/checklist.ts'
import { walkJourney } from '../../world/walk.ts'
import type { JournalEntry } from '../../sandbox/core/journal.ts'
import { providers } from '../../sandbox/core/providers.ts'
import { untilIdle } from '../people/evidence.ts'
import { startPresence } from '../harness/presence.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { hasContracts } from './contract/folder.ts'
import { type Contracts, judge, openContracts, type Verdict } from './contract/judge.ts'
import { callEverything } from './ours/calls.ts'
import { meetMishaps } from './ours/mishaps.ts'
import { useAirtable } from './use/airtable.ts'
import { useCalcom } from './use/calcom.ts'
import { useDaily } from './use/daily.ts'
import { useStripe } from './use/stripe.ts'
import { useTwilio } from './use/twilio.ts'
import { callers, startOutside } from './use/world.ts'

/**
 * Calls of our server whose path the specification files lack: only the object and the parameter names are
 * checked.
 */
const ourBeyond = [
  'airtable meta.tables.list',
  'stripe balance_transactions.retrieve',
  'stripe disputes.list',
  'stripe transfers.list_reversals',
  'stripe webhook_endpoints.update',
  // Erasing somebody who left.
  'stripe customers.delete',
  'stripe accounts.delete',
  'airtable records.delete',
  'airtable records.update',
]

describe.skipIf(!hasContracts)('the published specifications (CONTRACTS_DIR is needed)', () => {
  let contracts: Contracts
  let journey: JournalEntry[]
  let ours: JournalEntry[]
  let notCalled: string[]
  let everything: JournalEntry[]

  beforeAll(async () => {
    contracts = openContracts()
    journey = await inPresence()
    ;({ entries: ours, notCalled } = await byOurIntegrations())
    everything = await byEverybody()
  }, 8 * minuteMs)

  test('every request, answer and webhook of a journey and its mishaps is as published', () => {
    expect(judge(journey, contracts).problems).toEqual([])
  })

  test('every request that our integrations can send is as published, and so is every answer to it', () => {
    expect(judge(ours, contracts).problems).toEqual([])
    expect(notCalled).toEqual([])
  })

  test('every operation of the sandbox answers the official packages as published, also refusals', () => {
    expect(judge(everything, contracts, { isProvoked: () => true }).problems).toEqual([])
  })

  test('no operation and no type of webhook is left without a specification', () => {
    const verdicts = [
      judge(journey, contracts),
      judge(ours, contracts),
      judge(everything, contracts, { isProvoked: () => true }),
    ]
    const all = (pick: (verdict: Verdict) => Set<string>) =>
      new Set(verdicts.flatMap((verdict) => [...pick(verdict)]))
    const [used, validated, sent, described, beyond] = [
      all((one) => one.used),
      all((one) => one.validated),
      all((one) => one.sent),
      all((one) => one.described),
      all((one) => one.beyond),
    ]
    const fromUs = new Set(verdicts.slice(0, 2).flatMap((verdict) => [...verdict.used]))
    console.log(
      [
        `operations used: ${used.size}, operations validated: ${validated.size}`,
        `  ${fromUs.size} of them by our server; of ${beyond.size} the files have the object but not the path`,
        `webhook types sent: ${sent.size}, webhook types validated: ${described.size}`,
      ].join('\n'),
    )
    expect([...used].filter((name) => !validated.has(name))).toEqual([])
    expect([...sent].filter((name) => !described.has(name))).toEqual([])
    expect([...verdicts[1]!.beyond].filter((name) => !ourBeyond.includes(name))).toEqual([])
    const offered = providers.flatMap((provider) =>
      provider.operations.map(({ name }) => `${provider.name} ${name}`),
    )
    expect([...new Set(offered)].filter((name) => !used.has(name))).toEqual([])
  })
})

/** One Presence: the journey without faults, then the mishaps. */
async function inPresence(): Promise<JournalEntry[]> {
  const presence = await startPresence({ journalTextLimit: 2_000_000 })
  try {
    await walkJourney(
      { url: presence.url, sandboxUrl: presence.sandboxUrl, keys: presence.keys },
      openChecklist(() => undefined),
    )
    await untilIdle(presence)
    await meetMishaps(presence)
    return whole(await callers(presence.sandboxUrl).journal())
  } finally {
    await presence.stop()
  }
}

async function byOurIntegrations(): Promise<{ entries: JournalEntry[]; notCalled: string[] }> {
  const outside = await startOutside()
  try {
    const notCalled = await callEverything(outside)
    await outside.sandbox.settled()
    return { entries: whole(await outside.journal()), notCalled }
  } finally {
    await outside.close()
  }
}

async function byEverybody(): Promise<JournalEntry[]> {
  const outside = await startOutside()
  try {
    for (const use of [useStripe, useTwilio, useCalcom, useDaily, useAirtable]) await use(outside)
    await outside.sandbox.settled()
    return whole(await outside.journal())
  } finally {
    await outside.close()
  }
}

/** The journal is limited: a test that exceeds it must not pass because of what was dropped. */
function whole(entries: JournalEntry[]): JournalEntry[] {
  if (entries[0]?.id !== 1) throw new Error('the journal has forgotten its first entries')
  const cut = entries.find((entry) =>
    [entry.requestBody, entry.responseBody].some((text) => / \(\d+ characters\)$/.test(text ?? '')),
  )
  if (cut) throw new Error(`the journal has cut ${cut.provider} ${cut.operation}`)
  return entries
}
