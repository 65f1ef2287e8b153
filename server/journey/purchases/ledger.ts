// The ledger's postings, as pure arithmetic: debits positive, credits negative, each posting sums to zero.
// post-entries.ts writes them; the database refuses what does not balance, and any change afterwards.

export type Account = 'stripe_balance' | 'member_prepaid' | 'host_payable' | 'platform_revenue' | 'stripe_fees' | 'dispute_loss'

export type Entry = { account: Account; hostId?: string; amountCents: number }

export type Posting =
  | { kind: 'paid'; key: string; amountCents: number }
  | { kind: 'fee'; key: string; feeCents: number }
  | { kind: 'completed'; key: string; bookingId: string; hostId: string; hostCents: number; platformCents: number }
  | { kind: 'transferred'; key: string; bookingId: string; hostId: string; hostCents: number }
  | { kind: 'refunded'; key: string; bookingId: string; amountCents: number }
  | { kind: 'expired'; key: string; bookingId: string; amountCents: number }

/** The entries of one posting; parts of zero cents are left out. */
export function entriesOf(posting: Posting): Entry[] {
  return all(posting).filter((entry) => entry.amountCents !== 0)
}

function all(posting: Posting): Entry[] {
  switch (posting.kind) {
    case 'paid':
      return move('stripe_balance', 'member_prepaid', posting.amountCents)
    case 'fee':
      return move('stripe_fees', 'stripe_balance', posting.feeCents)
    case 'completed':
      return [
        { account: 'member_prepaid', amountCents: posting.hostCents + posting.platformCents },
        { account: 'host_payable', hostId: posting.hostId, amountCents: -posting.hostCents },
        { account: 'platform_revenue', amountCents: -posting.platformCents },
      ]
    case 'transferred':
      return [
        { account: 'host_payable', hostId: posting.hostId, amountCents: posting.hostCents },
        { account: 'stripe_balance', amountCents: -posting.hostCents },
      ]
    case 'refunded':
      return move('member_prepaid', 'stripe_balance', posting.amountCents)
    case 'expired':
      return move('member_prepaid', 'platform_revenue', posting.amountCents)
  }
}

function move(debit: Account, credit: Account, amountCents: number): Entry[] {
  return [
    { account: debit, amountCents },
    { account: credit, amountCents: -amountCents },
  ]
}
