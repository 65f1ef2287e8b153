// A time is confirmed when the host's calendar has it: at once for the built-in calendar, by Cal.com's answer
// for the other.
import type { Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import type { BookingRow } from './change-booking.ts'

/** Confirms the attempt's time, stores Cal.com's reference and tells both people, once per attempt. */
export async function confirmTime(
  tx: Tx,
  booking: BookingRow,
  cal: { uid: string; url: string } | null,
): Promise<boolean> {
  const confirmed = await tx
    .updateTable('bookings')
    .set({ calendarStatus: 'confirmed', ...(cal ? { calBookingUid: cal.uid, calBookingUrl: cal.url } : {}) })
    .where('id', '=', booking.id)
    .where('attempt', '=', booking.attempt)
    .where('state', '=', 'created')
    .where('calendarStatus', '=', 'confirming')
    .executeTakeFirst()
  if (confirmed.numUpdatedRows !== 1n) return false
  for (const recipient of ['member', 'host'] as const) {
    await enqueue(tx, 'send-message', {
      key: `booked:${booking.id}:${booking.attempt}:${recipient}`,
      template: booking.movedFromAt ? 'Session Moved' : 'Booking Confirmation',
      recipient,
      bookingId: booking.id,
      attempt: booking.attempt,
      usefulUntil: booking.startAt!.toISOString(),
    })
  }
  await recordChanged(tx, 'Presence Operations', booking.id)
  await announce(tx, { topics: ['bookings', 'host'], memberId: booking.memberId, hostId: booking.hostId })
  return true
}
