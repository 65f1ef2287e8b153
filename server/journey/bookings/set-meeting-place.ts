// A Cal.com booking leads to our session page. A move inside Cal.com can lose that place, and Cal.com then
// makes a room of its own, which nobody pays for or looks at.
import type { Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { type CalBooking, fetchCalBooking, setCalLocation } from '../../integrations/calcom-bookings.ts'
import { ProviderError } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import { findCalcom } from '../times/find-calcom.ts'
import { sessionPageOf } from './session-page.ts'

type Attempt = { bookingId: string; attempt: number }

/** Enqueues `set-meeting-place` where Cal.com says that the two meet elsewhere. */
export async function requireMeetingPlace(
  tx: Tx,
  { id, attempt }: { id: string; attempt: number },
  cal: CalBooking,
  meetingUrl: string,
): Promise<void> {
  if (cal.location !== meetingUrl) await enqueue(tx, 'set-meeting-place', { bookingId: id, attempt })
}

/** Sets the place of the booking's live entry. One that is gone by now needs none. */
export async function setMeetingPlace(ctx: Context, { bookingId, attempt }: Attempt): Promise<void> {
  const booking = await ctx.db
    .selectFrom('bookings')
    .select(['calBookingUid', 'hostId'])
    .where('id', '=', bookingId)
    .where('attempt', '=', attempt)
    .where('state', '=', 'created')
    .executeTakeFirst()
  if (!booking?.calBookingUid) return
  const calcom = await findCalcom(ctx, booking.hostId)
  const meetingUrl = sessionPageOf(ctx.config.publicUrl, bookingId)
  const cal = await fetchCalBooking(calcom, booking.calBookingUid)
  if (!cal || cal.isCancelled || cal.location === meetingUrl) return
  try {
    await setCalLocation(calcom, booking.calBookingUid, meetingUrl)
  } catch (error) {
    // Cancelled or moved meanwhile: whoever follows that sees to the new entry.
    if (!(error instanceof ProviderError) || error.status !== 404) throw error
  }
}
