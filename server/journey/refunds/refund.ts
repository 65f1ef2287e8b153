// A refund, as rules.

export const refundStatuses = ['requested', 'pending', 'succeeded', 'failed'] as const
export type RefundStatus = (typeof refundStatuses)[number]

/** Who asked for it; `stripe` is somebody in Stripe's own dashboard. */
export const refundSources = ['member', 'operator', 'stripe'] as const
export type RefundSource = (typeof refundSources)[number]

/** Whether `fetched` from Stripe is further than `known` here: what was fetched may be the older of the two. */
export function isNewer(fetched: RefundStatus, known: RefundStatus): boolean {
  return refundStatuses.indexOf(fetched) > refundStatuses.indexOf(known)
}
