// A dispute: a member's bank takes a payment back, until it has decided.

export const disputeStatuses = ['open', 'won', 'lost'] as const
