// The host's calendar refused a time or did not answer in time, so the booking gives it back.
import { inTransaction, type Tx, violatedConstraint } from '../../db/client.ts'
import { endCall } from '../../calls/call-once.ts'
import { enqueue } from '../../db/jobs.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { type BookingRow, changeBooking, lockBooking } from './change-booking.ts'
import { dropEntries } from './drop-entries.ts'
import { lockCalendars } from './lock-calendars.ts'
import { newTime } from './new-time.ts'

type Reason = {
  /** A clear refusal. Otherwise Cal.com may have acted, and what it made is looked for later. */
  isRefusal: boolean
  /** Back to the time before a move, if that is still free. */
  mayRestore: boolean
  /** The member is told by SMS, because no page waits for the answer. */
  isTold: boolean
}

/** After a move the booking goes back to its earlier time; otherwise it has no time any more. */
export async function giveTimeBack(
  ctx: Context,
  bookingId: string,
  attempt: number,
  how: Reason,
): Promise<void> {
  const who = await ctx.db
    .selectFrom('bookings')
    .select(['hostId', 'memberId'])
    .where('id', '=', bookingId)
    .executeTakeFirstOrThrow()
  const giving = inTransaction(ctx.db, async (tx) => {
    await lockCalendars(tx, who)
    const booking = await lockBooking(tx, bookingId)
    if (!booking || booking.attempt !== attempt || booking.calendarStatus !== 'confirming') return
    if (booking.movedFromAt && booking.calBookingUid && how.isRefusal && how.mayRestore) {
      if (how.isTold)
        await tellMember(
          tx,
          { ...booking, attempt: booking.attempt + 1 },
          'Session Moved',
          booking.movedFromAt,
        )
      await dropRefused(tx, booking)
      return backToEarlierTime(tx, booking, booking.movedFromAt)
    }
    // A clear refusal says that this attempt has no entry. Otherwise Cal.com may have acted all the same;
    // what is found there is cleared.
    await dropEntries(tx, bookingId, 'Not confirmed in time', how.isRefusal ? attempt : undefined)
    if (how.isTold) await tellMember(tx, booking, 'Session Cancelled', booking.startAt!)
    await changeBooking(tx, booking, 'calendar_refused')
    if (how.isRefusal) {
      // A clear refusal after an unclear try leaves nothing to look up.
      return endCall(tx, `calcom-book:${bookingId}:${attempt}`)
    }
    await addOperatorTask(tx, {
      key: `calendar:${bookingId}:${attempt}`,
      kind: 'calendar',
      bookingId,
      sentence:
        "The host's Cal.com calendar did not answer, so the member's time was given back. What is found there later is taken out again.",
    })
  })
  await giving.catch((error: unknown) => {
    // Somebody took the earlier time meanwhile, so this session has no time.
    if (!how.mayRestore || !violatedConstraint(error)) throw error
    return giveTimeBack(ctx, bookingId, attempt, { ...how, mayRestore: false })
  })
}

/** The move was refused: the entry of the time before it stays. */
async function dropRefused(tx: Tx, { id, attempt }: BookingRow): Promise<void> {
  await tx
    .updateTable('calendarEntries')
    .set({ wanted: 'absent', seen: 'absent' })
    .where('bookingId', '=', id)
    .where('attempt', '=', attempt)
    .execute()
}

/** No page waits for the answer any more. */
async function tellMember(
  tx: Tx,
  booking: BookingRow,
  template: 'Session Cancelled' | 'Session Moved',
  startAt: Date,
): Promise<void> {
  await enqueue(tx, 'send-message', {
    key: `calendar-refused:${booking.id}:${booking.attempt}:member`,
    template,
    recipient: 'member',
    bookingId: booking.id,
    memberId: booking.memberId,
    hostId: booking.hostId,
    startAt: startAt.toISOString(),
    usefulUntil: addMinutes(startAt, 24 * 60).toISOString(),
  })
}

async function backToEarlierTime(tx: Tx, booking: BookingRow, startAt: Date): Promise<void> {
  const lengthMs = booking.endAt!.getTime() - booking.startAt!.getTime()
  await changeBooking(tx, booking, 'move_refused', {
    set: {
      ...newTime(booking, { start: startAt, end: new Date(startAt.getTime() + lengthMs) }, now()),
      calendarStatus: 'confirmed',
      movedFromAt: null,
    },
  })
}
