// Gives a booking a time, or refuses in words if somebody else has it. The exclusion constraints decide.
import type { Updateable } from 'kysely'
import { type Tx, violatedConstraint } from '../../db/client.ts'
import type { Bookings } from '../../db/schema.generated.ts'
import { Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import { releaseReservation, requireUnreserved } from '../times/reserve-time.ts'
import { type BookingRow, changeBooking } from './change-booking.ts'
import { confirmTime } from './confirm-time.ts'
import { extendForHostMove } from './extend-validity.ts'
import { requireNotBooked, requirePauses } from './lock-calendars.ts'
import { newTime } from './new-time.ts'

export type TakenTime = {
  event: 'scheduled' | 'moved'
  /** Whom a refusal is worded for. */
  by: 'member' | 'host'
  start: Date
  end: Date
  /** What else changes together with the time: the host, the calendar. */
  set?: Updateable<Bookings>
}

/**
 * For a time that somebody chose here; the booking and both calendars are locked. Releases what the member
 * had reserved, and the built-in calendar confirms at once. Refuses: time_taken, member_busy.
 */
export async function takeTime(
  tx: Tx,
  booking: BookingRow,
  { hostId, ...time }: TakenTime & { hostId: string },
): Promise<BookingRow> {
  const { start, end } = time
  await requireNotBooked(tx, { hostId, bookingId: booking.id, start, end })
  await requireUnreserved(tx, { hostId, bookingId: booking.id, start, end })
  await requirePauses(tx, { hostId, bookingId: booking.id, start, end })
  await releaseReservation(tx, booking.id)
  const changed = await recordTime(tx, booking, time)
  if (changed.calendar === 'builtin') await confirmTime(tx, changed, null)
  return changed
}

/** The change alone, for a time that the host's calendar has already. Refuses: time_taken, member_busy. */
export async function recordTime(
  tx: Tx,
  booking: BookingRow,
  { event, by, start, end, set }: TakenTime,
): Promise<BookingRow> {
  try {
    if (by === 'host') await extendForHostMove(tx, booking, start)
    const changed = await changeBooking(tx, booking, event, {
      set: { ...newTime(booking, { start, end }, now()), ...set },
    })
    return event === 'moved' ? { ...changed, movedFromAt: booking.startAt } : changed
  } catch (error) {
    throw refusalOf(error, by)
  }
}

function refusalOf(error: unknown, by: 'member' | 'host'): unknown {
  const constraint = violatedConstraint(error)
  if (constraint === 'one_booking_per_host_and_time') {
    return new Refusal('time_taken', 'This time was just taken. Please choose another.')
  }
  if (constraint === 'one_booking_per_member_and_time') {
    const whose = by === 'member' ? 'You already have a session' : 'The member has another session'
    return new Refusal('member_busy', `${whose} at this time. Please choose another.`)
  }
  return error
}
