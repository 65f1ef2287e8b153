// The invariants of every simulation, each with its evidence.
import { calendarInvariants } from './invariants/calendars.ts'
import { machineryInvariants } from './invariants/machinery.ts'
import { messageInvariants } from './invariants/messages.ts'
import { moneyInvariants } from './invariants/money.ts'
import { recordInvariants } from './invariants/records.ts'
import { sessionInvariants } from './invariants/sessions.ts'
import type { Verdict } from './invariant.ts'
import type { Aftermath } from './simulation.ts'

const all = [
  ...machineryInvariants,
  ...moneyInvariants,
  ...sessionInvariants,
  ...calendarInvariants,
  ...messageInvariants,
  ...recordInvariants,
]

export async function allInvariants(after: Aftermath): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const { name, look } of all) {
    const finding = await look(after).catch((error: unknown) => ({
      evidence: 'it could not be looked at',
      problems: [error instanceof Error ? error.message : String(error)],
    }))
    verdicts.push({ name, ...finding })
  }
  return verdicts
}
