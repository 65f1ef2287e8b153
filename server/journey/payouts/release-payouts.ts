import type { Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'

/** Starts every payout of a purchase that was waiting. */
export async function releasePayouts(tx: Tx, purchaseId: string): Promise<void> {
  const waiting = await tx
    .selectFrom('bookings')
    .select('id')
    .where('purchaseId', '=', purchaseId)
    .where('state', '=', 'completed')
    .where('payoutStatus', 'in', ['scheduled', 'waiting_for_onboarding'])
    .execute()
  for (const { id } of waiting) await enqueue(tx, 'pay-host', { bookingId: id })
}
