// What an invariant is: something that must hold after any simulation, and what was found about it.
import type { Aftermath } from './simulation.ts'

/** `evidence` says what was looked at; a problem is a sentence about what does not hold. */
type Findings = { evidence: string; problems: string[] }
export type Invariant = { name: string; look: (after: Aftermath) => Promise<Findings> }
export type Verdict = Findings & { name: string }
