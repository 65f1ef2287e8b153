// A purchase, as rules.

export const purchaseStatuses = ['open', 'paid', 'failed', 'expired', 'refunded'] as const
export type PurchaseStatus = (typeof purchaseStatuses)[number]

/** Whether it was paid, even if all of it has been refunded since. */
export function wasPaid(status: PurchaseStatus): boolean {
  return status === 'paid' || status === 'refunded'
}
