// An operator has paid a host's share outside Stripe, and notes how: the share is settled in the ledger.
import { inTransaction } from '../../db/client.ts'
import { closeOperatorTask } from '../../db/operator-tasks.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import { lockBooking } from '../bookings/change-booking.ts'
import type { Context } from '../context.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { lockPayout, setPayout } from './decide-payout.ts'
import { owedFor } from './payout.ts'

export type OtherPayment = {
  /** The bank's reference, for finding it again. */
  reference: string
  /** The day of the payment, like 2027-03-01. */
  paidOn: string
  operatorId: string
}

/** Settles the whole share. Refuses not_found, and conflict where a transfer may have been made. */
export async function recordOtherPayment(
  ctx: Context,
  bookingId: string,
  { reference, paidOn, operatorId }: OtherPayment,
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, bookingId)
    const payout = booking && (await lockPayout(tx, bookingId))
    if (!booking || !payout) throw notFound('session')
    if (payout.transferId || payout.status === 'paid_otherwise')
      throw new Refusal('conflict', 'This share has been paid already.')
    if (payout.triedAt)
      throw new Refusal(
        'conflict',
        'A transfer of this share is under way. Please look again in a few minutes.',
      )
    const owedCents = owedFor(booking)
    if (owedCents === 0) throw new Refusal('conflict', 'Nothing is owed for this session.')
    await tx
      .updateTable('payouts')
      .set({
        status: 'paid_otherwise',
        amountCents: owedCents,
        paidReference: reference,
        paidOn,
        paidBy: operatorId,
        paidAt: now(),
        failure: null,
      })
      .where('bookingId', '=', bookingId)
      .execute()
    await setPayout(tx, payout, { status: 'paid_otherwise' })
    await postEntries(
      tx,
      { id: payout.purchaseId, currency: payout.currency },
      {
        kind: 'paid_otherwise',
        key: `paid_otherwise:${bookingId}`,
        bookingId,
        hostId: payout.hostId,
        hostCents: owedCents,
      },
    )
    await closeOperatorTask(tx, `payout_failed:${bookingId}`, 'Paid otherwise')
  })
}
