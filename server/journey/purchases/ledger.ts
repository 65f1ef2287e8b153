// The ledger's postings, as pure arithmetic: debits are positive, credits negative, and each posting sums to
// zero. post-entries.ts writes them; the database refuses an unbalanced posting and any later change.

export const ledgerAccounts = [
  'stripe_balance',
  'member_prepaid',
  'host_payable',
  'platform_revenue',
  'stripe_fees',
  'dispute_loss',
  'other_bank',
] as const
export type Account = (typeof ledgerAccounts)[number]

export const postingKinds = [
  'paid',
  'fee',
  'completed',
  'transferred',
  'reversed',
  'returned',
  'refunded',
  'refund_failed',
  'expired',
  'dispute_withdrawn',
  'dispute_reinstated',
  'dispute_settled',
  'paid_otherwise',
] as const

export type Entry = { account: Account; hostId?: string; amountCents: number }

export type Posting = { key: string } & (
  | { kind: 'paid'; amountCents: number }
  | { kind: 'fee'; feeCents: number }
  | { kind: 'completed'; bookingId: string; hostId: string; hostCents: number; platformCents: number }
  | { kind: 'transferred'; bookingId: string; hostId: string; hostCents: number }
  /** An operator paid the share outside Stripe, from the business's own bank. */
  | { kind: 'paid_otherwise'; bookingId: string; hostId: string; hostCents: number }
  /** A transfer was reversed: the amount is owed to the host again, or no longer owed because of a refund. */
  | { kind: 'reversed'; bookingId: string; hostId: string; amountCents: number }
  /** Earned money becomes the member's again, before the refund itself. */
  | { kind: 'returned'; bookingId: string; hostId: string; hostCents: number; platformCents: number }
  | { kind: 'refunded'; amountCents: number }
  /** The member's bank sent a refund back, so it is still owed to the member. */
  | { kind: 'refund_failed'; amountCents: number }
  | { kind: 'expired'; bookingId: string; amountCents: number }
  /** One balance transaction of a dispute, signed as at Stripe: negative cents have left our balance. */
  | { kind: 'dispute_withdrawn' | 'dispute_reinstated'; amountCents: number; feeCents: number }
  /** What the member's bank gave back is no longer owed to the member, which lessens the loss. */
  | { kind: 'dispute_settled'; amountCents: number }
)

/** The entries of one posting, without those of zero cents. */
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
      return earned(posting, 1)
    case 'returned':
      return earned(posting, -1)
    case 'transferred':
      return hostMove(posting.hostId, posting.hostCents)
    case 'paid_otherwise':
      return hostMove(posting.hostId, posting.hostCents, 'other_bank')
    case 'reversed':
      return hostMove(posting.hostId, -posting.amountCents)
    case 'refunded':
      return move('member_prepaid', 'stripe_balance', posting.amountCents)
    case 'refund_failed':
      return move('stripe_balance', 'member_prepaid', posting.amountCents)
    case 'expired':
      return move('member_prepaid', 'platform_revenue', posting.amountCents)
    case 'dispute_withdrawn':
    case 'dispute_reinstated':
      return [
        { account: 'dispute_loss', amountCents: -posting.amountCents },
        { account: 'stripe_fees', amountCents: posting.feeCents },
        { account: 'stripe_balance', amountCents: posting.amountCents - posting.feeCents },
      ]
    case 'dispute_settled':
      return move('member_prepaid', 'dispute_loss', posting.amountCents)
  }
}

function earned(share: { hostId: string; hostCents: number; platformCents: number }, sign: 1 | -1): Entry[] {
  return [
    { account: 'member_prepaid', amountCents: sign * (share.hostCents + share.platformCents) },
    { account: 'host_payable', hostId: share.hostId, amountCents: -sign * share.hostCents },
    { account: 'platform_revenue', amountCents: -sign * share.platformCents },
  ]
}

function hostMove(hostId: string, cents: number, from: Account = 'stripe_balance'): Entry[] {
  return [
    { account: 'host_payable', hostId, amountCents: cents },
    { account: from, amountCents: -cents },
  ]
}

function move(debit: Account, credit: Account, amountCents: number): Entry[] {
  return [
    { account: debit, amountCents },
    { account: credit, amountCents: -amountCents },
  ]
}
