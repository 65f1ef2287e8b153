// A host who cancels, moves or does not come gives the member more time to use the session.
import type { Selectable } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import type { Bookings } from '../../db/schema.generated.ts'
import { addDays, addHours, now } from '../../lib/time.ts'
import { findTerms } from '../plans/find-terms.ts'
import { startsWhileValid } from './booking.ts'

type BookingRow = Selectable<Bookings>

/** After a host failed, or we ended a session: some days more, and the offer of a refund. */
export async function extendValidity(
  tx: Tx,
  booking: BookingRow,
  givenBackBy: 'host' | 'presence',
): Promise<void> {
  // A late decision must not give back a session that has expired meanwhile.
  const from = booking.validUntil > now() ? booking.validUntil : now()
  await tx
    .updateTable('bookings')
    .set({ refundOfferedAt: now(), givenBackBy })
    .where('id', '=', booking.id)
    .execute()
  await extendFrom(tx, booking, from)
}

/**
 * A host who moves a session beyond its validity extends it, so that the member can still use it otherwise.
 */
export async function extendForHostMove(tx: Tx, booking: BookingRow, start: Date): Promise<void> {
  if (!startsWhileValid(start, booking.validUntil)) await extendFrom(tx, booking, start)
}

async function extendFrom(tx: Tx, booking: BookingRow, from: Date): Promise<void> {
  const terms = await findTerms(tx, booking.purchaseId)
  const validUntil = addDays(from, terms.hostFailureExtensionDays)
  await tx.updateTable('bookings').set({ validUntil }).where('id', '=', booking.id).execute()
  await enqueue(tx, 'expire-booking', { bookingId: booking.id }, { at: validUntil })
  await enqueue(
    tx,
    'warn-expiry',
    { bookingId: booking.id },
    { at: addHours(validUntil, -terms.expiryWarningHours) },
  )
}
