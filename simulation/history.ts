// What was seen and done, as the people themselves would tell it: the invariants are held against this, not
// against what the application believes.

/** How a session must have ended, by the rules of the business; without an outcome where any will do. */
export type Expected = {
  bookingId: string
  purchaseId: string
  state: 'completed' | 'cancelled' | 'expired'
  outcome?: 'held' | 'member_no_show' | 'late_cancellation'
  /** Cents that must have gone back to the member. */
  refundedCents: number
  amountCents: number
}

export type History = {
  /** Purchases that were paid at Stripe, with how many sessions they grant. */
  paid: Map<string, { sessions: number; amountCents: number }>
  /** Purchases that were begun and never paid. */
  unpaid: Set<string>
  expected: Map<string, Expected>
  /** The beginnings of the keys of the SMS that somebody must have been sent. */
  owed: Set<string>
  /** Why an operator was needed: the kinds of task with how many of each there may be. */
  causes: Map<string, number>
  /** Answers that nobody may ever see: the application's own failures, and refusals without a sentence. */
  failures: string[]
  /** What somebody was refused or given against the rules. */
  wrongs: string[]
  /** Journeys that could not be played to their end. */
  broken: string[]
  setbacks: number
  turns: number
  kills: number
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
    wrongs: [],
    broken: [],
    setbacks: 0,
    turns: 0,
    kills: 0,
    faults: new Map(),
  }
}

export function count<Key>(counts: Map<Key, number>, key: Key, more = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + more)
}
