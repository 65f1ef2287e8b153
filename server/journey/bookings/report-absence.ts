// Tells the host's Cal.com calendar who did not come to a session.
import { markCalAbsent } from '../../integrations/calcom-bookings.ts'
import { ProviderError } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import { findCalcom } from '../times/find-calcom.ts'
import { contactEmail } from '../members/member.ts'

export async function reportAbsence(
  ctx: Context,
  absence: { calBookingUid: string; absent: 'host' | 'member'; memberId: string },
): Promise<void> {
  // An older entry may have been made with another address.
  const entry = await ctx.db
    .selectFrom('calendarEntries')
    .select('attendeeEmail')
    .where('uid', '=', absence.calBookingUid)
    .executeTakeFirst()
  const attendeeEmail = entry?.attendeeEmail ?? contactEmail({ id: absence.memberId })
  try {
    await markCalAbsent(
      await calcomOf(ctx, absence.calBookingUid),
      absence.calBookingUid,
      absence.absent === 'host' ? { host: true } : { attendeeEmail },
    )
  } catch (error) {
    // It is gone, or cannot be marked there. It is a courtesy to the host, and nothing depends on it.
    if (
      error instanceof ProviderError &&
      (error.status === 400 || error.status === 403 || error.status === 404)
    )
      return
    throw error
  }
}

/** Only the calendar's owner may mark it. */
async function calcomOf(ctx: Context, uid: string) {
  const booking = await ctx.db
    .selectFrom('calendarEntries')
    .innerJoin('bookings', 'bookings.id', 'calendarEntries.bookingId')
    .select('bookings.hostId')
    .where('calendarEntries.uid', '=', uid)
    .executeTakeFirst()
  return booking ? findCalcom(ctx, booking.hostId) : ctx.calcom
}
