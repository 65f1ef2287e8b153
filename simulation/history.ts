// What people did and saw, in their own view. The invariants compare the application with this record,
// never with what the application itself believes.

/** How a session must end by the business rules; without `outcome` where any outcome is right. */
export type Expected = {
  bookingId: string
  purchaseId: string
  state: 'completed' | 'cancelled' | 'expired'
  outcome?: 'held' | 'member_no_show' | 'late_cancellation'
  /** Cents that must have been refunded to the member. */
  refundedCents: number
  amountCents: number
}

export type History = {
  /** Purchases that were paid at Stripe, with how many sessions they grant. */
  paid: Map<string, { sessions: number; amountCents: number }>
  /** Purchases that were started and never paid. */
  unpaid: Set<string>
  expected: Map<string, Expected>
  /** Prefixes of the message keys that must have been sent. */
  owed: Set<string>
  /** How many operator tasks of each kind have a cause. */
  causes: Map<string, number>
  /** Answers that nobody may ever see: internal errors, and refusals without a sentence. */
  failures: string[]
  /** Refusals and grants that break the business rules. */
  violations: string[]
  /** Journeys that could not be played to the end. */
  broken: string[]
  setbacks: number
  turns: number
  /** What befell the machine and the base, by kind: how often. */
  mishaps: Map<string, number>
  /** Presence ids of rows that somebody deleted in Airtable: they come back with their next change. */
  deletedRows: Set<string>
  faults: Map<string, number>
}

export function newHistory(): History {
  return {
    paid: new Map(),
    unpaid: new Set(),
    expected: new Map(),
    owed: new Set(),
    causes: new Map(),
    failures: [],
    violations: [],
    broken: [],
    setbacks: 0,
    turns: 0,
    mishaps: new Map(),
    deletedRows: new Set(),
    faults: new Map(),
  }
}

export function count<Key>(counts: Map<Key, number>, key: Key, more = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + more)
}
