// What must hold after any simulation, each with what was looked at.
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
  ...messageInvariants,
  ...recordInvariants,
]

export async function allInvariants(after: Aftermath): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const { name, look } of all) {
    const looked = await look(after).catch((error: unknown) => ({
      evidence: 'it could not be looked at',
      problems: [error instanceof Error ? error.message : String(error)],
    }))
    verdicts.push({ name, ...looked })
  }
  return verdicts
}
