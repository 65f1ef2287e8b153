// A paid session that is never given a time ends with its validity. The member is warned a day before.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { NotYet } from '../../lib/errors.ts'
import { addHours, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { readTerms } from '../plans/terms.ts'
import { hasExpired } from './booking.ts'
import { changeBooking, lockBooking } from './change-booking.ts'

/** Expires a session that has no time when its validity is over; otherwise does nothing. */
export async function expireBooking(ctx: Context, bookingId: string): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, bookingId)
    if (!booking || !hasExpired(booking.state, booking.validUntil, now())) return
    const purchase = await tx
      .selectFrom('purchases')
      .select(['id', 'currency'])
      .where('id', '=', booking.purchaseId)
      .executeTakeFirstOrThrow()
    await changeBooking(tx, booking, 'expired')
    await postEntries(tx, purchase, {
      kind: 'expired',
      key: `expired:${booking.id}`,
      bookingId,
      amountCents: booking.amountCents - booking.refundedCents,
    })
  })
}

/** Clocks of the database and its workers differ by less than this. */
const earlyMinutes = 10

/**
 * Warns the member of a session that is still unused, once per end of validity. Throws NotYet where the time
 * has not quite come.
 */
export async function warnExpiry(ctx: Context, bookingId: string): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, bookingId)
    if (!booking || booking.state !== 'pending' || now() >= booking.validUntil) return
    const purchase = await tx
      .selectFrom('purchases')
      .select('terms')
      .where('id', '=', booking.purchaseId)
      .executeTakeFirstOrThrow()
    const warnFrom = addHours(booking.validUntil, -readTerms(purchase.terms).expiryWarningHours)
    // Fetched early: the database's clock is ahead of ours. Much earlier, a longer validity has its own job.
    if (now() < addMinutes(warnFrom, -earlyMinutes)) return
    if (now() < warnFrom) throw new NotYet('it is a moment too early to warn of the end of validity')
    await enqueue(tx, 'send-message', {
      // One warning for all sessions of a pack that end together.
      key: `expiry:${booking.purchaseId}:${booking.validUntil.toISOString()}`,
      template: 'Pack Expiring',
      recipient: 'member',
      bookingId,
      usefulUntil: booking.validUntil.toISOString(),
    })
  })
}
