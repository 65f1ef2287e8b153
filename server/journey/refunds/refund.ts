// A refund, as rules.

export const refundStatuses = ['requested', 'pending', 'succeeded', 'failed'] as const
export type RefundStatus = (typeof refundStatuses)[number]

/** Who asked for the refund; `stripe` means somebody in Stripe's dashboard. */
export const refundSources = ['member', 'operator', 'stripe'] as const
export type RefundSource = (typeof refundSources)[number]

/**
 * Whether the status fetched from Stripe is newer than the one known here: the answer may have been
 * overtaken.
 */
export function isNewer(fetched: RefundStatus, known: RefundStatus): boolean {
  return refundStatuses.indexOf(fetched) > refundStatuses.indexOf(known)
}
