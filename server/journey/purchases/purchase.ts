// A purchase, as rules.

export const purchaseStatuses = ['open', 'paid', 'failed', 'expired', 'refunded'] as const
export type PurchaseStatus = (typeof purchaseStatuses)[number]

/** Whether its money came, even if all of it was given back since. */
export function wasPaid(status: PurchaseStatus): boolean {
  return status === 'paid' || status === 'refunded'
}
