// The invariants of every simulation, each with its evidence.
import { calendarInvariants } from './invariants/calendars.ts'
import { machineryInvariants } from './invariants/machinery.ts'
import { messageInvariants } from './invariants/messages.ts'
import { moneyInvariants } from './invariants/money.ts'
import { recordInvariants } from './invariants/records.ts'
import { sessionInvariants } from './invariants/sessions.ts'
import type { Aftermath } from './simulation.ts'

/** `evidence` says what was compared; each problem is a sentence about what does not hold. */
export type Finding = { evidence: string; problems: string[] }
export type Invariant = { name: string; look: (after: Aftermath) => Promise<Finding> }
export type NamedFinding = Finding & { name: string }

const all = [
  ...machineryInvariants,
  ...moneyInvariants,
  ...sessionInvariants,
  ...calendarInvariants,
  ...messageInvariants,
  ...recordInvariants,
]

export async function allInvariants(after: Aftermath): Promise<NamedFinding[]> {
  const findings: NamedFinding[] = []
  for (const { name, look } of all) {
    const finding = await look(after).catch((error: unknown) => ({
      evidence: 'it could not be looked at',
      problems: [error instanceof Error ? error.message : String(error)],
    }))
    findings.push({ name, ...finding })
  }
  return findings
}
