// Faults of the five services, drawn for every turn.
import { callFaults, deliveryFaults, type NewFault } from '../sandbox/core/faults.ts'
import type { JournalEntry } from '../sandbox/core/journal.ts'
import type { World } from '../world/person.ts'
import { count, type History } from './history.ts'
import { randomOf, type Random } from './random.ts'

type Provider = NewFault['provider']

/** The operations that our server calls. A fault affects one of these, or the next call ('*'). */
const operations: Record<Provider, string[]> = {
  stripe: [
    'customers.create',
    'checkout.sessions.create',
    'checkout.sessions.retrieve',
    'transfers.create',
    'transfers.create',
    'transfers.list',
    'transfers.create_reversal',
    'refunds.create',
    'refunds.create',
    'refunds.list',
    'disputes.list',
    'charges.retrieve',
    'accounts.create',
    'account_links.create',
    'accounts.retrieve',
    'balance_transactions.list',
    '*',
  ],
  twilio: [
    'verifications.create',
    'verificationChecks.create',
    'messages.create',
    'messages.create',
    'messages.list',
    '*',
  ],
  calcom: [
    'slots.list',
    'bookings.create',
    'bookings.create',
    'bookings.reschedule',
    'bookings.cancel',
    'bookings.list',
    'bookings.get',
    '*',
  ],
  daily: ['rooms.create', 'rooms.get', 'rooms.delete', 'meetings.list', '*'],
  airtable: ['records.update', 'records.update', 'records.list', 'meta.tables.list', '*'],
}
const providers = Object.keys(operations) as Provider[]

function drawFault(random: Random): NewFault {
  const provider = random.pick(providers)
  if (random.chance(0.35)) {
    return {
      provider,
      kind: random.pick(deliveryFaults),
      times: random.whole(1, 3),
      delayMs: random.whole(200, 4_000),
    }
  }
  return {
    provider,
    operation: random.pick(operations[provider]),
    kind: random.pick(callFaults),
    times: random.whole(1, 2),
    delayMs: random.whole(100, 800),
  }
}

export function drawFaults(random: Random): NewFault[] {
  return Array.from({ length: random.pick([0, 0, 0, 1, 1, 2, 3]) }, () => drawFault(random))
}

export type Trouble = {
  /** Arms the faults of these turns. They depend on the labels alone, not on who else has a turn. */
  order: (labels: string[]) => Promise<void>
  /** Counts the faults that took effect. */
  note: () => Promise<void>
  end: () => Promise<void>
}

export function openTrouble(world: World, seed: number, history: History): Trouble {
  let seen = 0
  const control = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${world.sandboxUrl}/_sandbox/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
    return response.json()
  }
  const note = async () => {
    const { entries } = (await control('GET', `journal?since=${seen}`)) as { entries: JournalEntry[] }
    seen = entries.at(-1)?.id ?? seen
    for (const { fault, provider } of entries) if (fault) count(history.faults, `${provider} ${fault}`)
  }
  return {
    note,
    order: async (labels) => {
      await note()
      for (const label of labels) {
        const random = randomOf(`${seed}:${label}`)
        for (const fault of drawFaults(random))
          await control('POST', 'faults', { ...fault, seed: random.whole(1, 1_000_000) })
      }
    },
    end: async () => {
      await note()
      await control('DELETE', 'faults')
    },
  }
}
