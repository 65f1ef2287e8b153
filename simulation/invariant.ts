// An invariant: something that must hold after any simulation, with its finding.
import type { Aftermath } from './simulation.ts'

/** `evidence` says what was compared; each problem is a sentence about what does not hold. */
type Findings = { evidence: string; problems: string[] }
export type Invariant = { name: string; look: (after: Aftermath) => Promise<Findings> }
export type Verdict = Findings & { name: string }
