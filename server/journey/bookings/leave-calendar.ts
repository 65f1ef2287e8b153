// A host has left Cal.com, or has another account there: their sessions ahead go on in Presence alone, and
// the old account's entries go.
import { sql } from 'kysely'
import { eachAlone } from '../../calls/each-alone.ts'
import { type Db, inTransaction } from '../../db/client.ts'
import { now } from '../../lib/time.ts'
import { lockBooking } from './change-booking.ts'
import { confirmTime } from './confirm-time.ts'
import { dropEntries } from './drop-entries.ts'

/**
 * Takes one session out of the calendar that its host has left. A time that Cal.com was still asked for is
 * confirmed: nobody but the host could refuse it, and they no longer keep that calendar.
 */
export async function leaveCalendar(db: Db, bookingId: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    const booking = await lockBooking(tx, bookingId)
    if (booking?.state !== 'created' || booking.calendar !== 'calcom') return
    await tx
      .updateTable('bookings')
      .set({ calendar: 'builtin', calBookingUid: null, calBookingUrl: null })
      .where('id', '=', bookingId)
      .execute()
    await dropEntries(tx, bookingId, 'The host has another calendar')
    if (booking.calendarStatus === 'confirming') await confirmTime(tx, booking, null)
  })
}

/**
 * For reconciliation. While Cal.com is asked for a time, a change of account waits for its answer; a host who
 * has no account there any more does not.
 */
export async function leaveCalendars(db: Db): Promise<void> {
  const { rows } = await sql<{ bookingId: string }>`
    select entry.booking_id from calendar_entries entry
      join bookings on bookings.id = entry.booking_id
      join hosts on hosts.id = bookings.host_id
    where entry.wanted = 'present' and entry.start_at > ${now()}
      and bookings.state = 'created' and bookings.calendar = 'calcom'
      and (bookings.calendar_status = 'confirmed' or hosts.cal_username is null)
      and hosts.cal_username is distinct from entry.cal_username`.execute(db)
  await eachAlone(db, rows, {
    kind: 'leave-calendar',
    keyOf: ({ bookingId }) => bookingId,
    act: ({ bookingId }) => leaveCalendar(db, bookingId),
    isFree: true,
    taskFor: ({ bookingId }, lastError) => ({
      kind: 'calendar',
      bookingId,
      sentence: `The host has left Cal.com, and a session ahead could not be taken over: ${lastError}.`,
    }),
  })
}
