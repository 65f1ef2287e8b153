// What a change inside Cal.com means here. The host's counts as the host's, the member's follows the member's
// rules, and a change that nobody owns to changes nothing until an operator has asked.
import { inTransaction, type Tx } from '../../db/client.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import {
  type CalActor,
  type CalBooking,
  calBookingUrl,
  fetchCalBooking,
  moveCalBooking,
} from '../../integrations/calcom-bookings.ts'
import type { CalcomClient } from '../../integrations/calcom.ts'
import { ProviderError } from '../../lib/errors.ts'
import { minuteMs, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { findTerms } from '../plans/find-terms.ts'
import { findCalcom } from '../times/find-calcom.ts'
import { canChangeForFree, startsWhileValid } from './booking.ts'
import { type BookingRow, changeBooking, lockBooking } from './change-booking.ts'
import { confirmTime } from './confirm-time.ts'
import { dropEntriesGone } from './drop-entries.ts'
import { leaveCalendar } from './leave-calendar.ts'
import { lockCalendars } from './lock-calendars.ts'
import { recordEntryMoved, recordEntrySeen } from './record-entry.ts'
import { sessionPageOf } from './session-page.ts'
import { requireMeetingPlace } from './set-meeting-place.ts'
import { recordTime } from './take-time.ts'

/** What became of an entry inside Cal.com: moved there, or cancelled in the end, and by whom. */
export type CalendarEnd = { movedTo: CalBooking | undefined; by: CalActor }

/** False where the change is one that its actor may not make, or that nobody owns to. */
export async function followChange(
  ctx: Context,
  bookingId: string,
  uid: string,
  { movedTo, by }: CalendarEnd,
): Promise<boolean> {
  const who = await ctx.db
    .selectFrom('bookings')
    .select(['hostId', 'memberId'])
    .where('id', '=', bookingId)
    .executeTakeFirstOrThrow()
  return inTransaction(ctx.db, async (tx) => {
    await lockCalendars(tx, who)
    const booking = await lockBooking(tx, bookingId)
    if (!booking || !isAhead(booking, uid)) return true
    if (movedTo?.start.getTime() === booking.startAt!.getTime()) {
      await recordMovedBack(ctx, tx, booking, movedTo)
      return true
    }
    if (by === 'unknown') return false
    const terms = await findTerms(tx, booking.purchaseId)
    const isFree = canChangeForFree(booking, now(), terms.freeChangeHours)
    if (!movedTo) {
      await dropEntriesGone(tx, booking.id)
      const event = by === 'host' ? 'host_cancelled' : isFree ? 'cancelled_in_time' : 'cancelled_late'
      await changeBooking(tx, booking, event, { payoutDelayHours: ctx.config.payoutDelayHours })
      return true
    }
    const lengthMs = movedTo.end.getTime() - movedTo.start.getTime()
    const mayMove =
      isFree &&
      startsWhileValid(movedTo.start, booking.validUntil) &&
      lengthMs === terms.sessionMinutes * minuteMs
    if (by === 'member' && !mayMove) return false
    const changed = await recordTime(tx, booking, {
      event: 'moved',
      by,
      start: movedTo.start,
      end: movedTo.end,
      set: { wasMovedByHost: by === 'host' },
    })
    await recordEntryMoved(tx, changed, movedTo.uid)
    await confirmTime(tx, changed, { uid: movedTo.uid, url: calBookingUrl(movedTo.uid) })
    await requireMeetingPlace(tx, changed, movedTo, sessionPageOf(ctx.config.publicUrl, changed.id))
    return true
  })
}

/** While `confirming`, our own move is under way, and its answer decides. */
function isAhead(booking: BookingRow, uid: string): boolean {
  return (
    booking.state === 'created' &&
    booking.calBookingUid === uid &&
    booking.calendarStatus === 'confirmed' &&
    now() < booking.startAt!
  )
}

async function recordMovedBack(ctx: Context, tx: Tx, booking: BookingRow, cal: CalBooking): Promise<void> {
  await tx
    .updateTable('bookings')
    .set({ calBookingUid: cal.uid, calBookingUrl: calBookingUrl(cal.uid) })
    .where('id', '=', booking.id)
    .execute()
  await recordEntrySeen(tx, booking, cal.uid)
  await requireMeetingPlace(tx, booking, cal, sessionPageOf(ctx.config.publicUrl, booking.id))
}

/**
 * The session keeps its time: a moved entry goes back to it. Where it cannot, or was cancelled, the session
 * goes on in Presence alone. A retry after a lost answer finds the entry back in its place.
 */
export async function refuseChange(
  ctx: Context,
  bookingId: string,
  uid: string,
  { movedTo, by }: CalendarEnd,
): Promise<void> {
  const booking = await ctx.db
    .selectFrom('bookings')
    .selectAll()
    .where('id', '=', bookingId)
    .executeTakeFirstOrThrow()
  if (!isAhead(booking, uid)) return
  const movedBack =
    movedTo && (await moveBack(await findCalcom(ctx, booking.hostId), movedTo, booking.startAt!))
  if (movedBack) await followChange(ctx, bookingId, uid, { movedTo: movedBack, by })
  else await leaveCalendar(ctx.db, bookingId)
  if (movedBack && by === 'member') return
  const what = movedTo ? 'moved' : 'cancelled'
  const whom =
    by === 'unknown' ? 'Cal.com does not say by whom' : 'it was the member, to a time they may not choose'
  await inTransaction(ctx.db, (tx) =>
    addOperatorTask(tx, {
      key: `changed_in_calendar:${uid}`,
      kind: 'calendar',
      bookingId,
      sentence: `The entry of this session was ${what} inside Cal.com, and ${whom}. The session stands at its time. Please ask both people: whoever cannot come then cancels or moves it in Presence.`,
    }),
  )
}

/** Undefined where Cal.com will not have it back at its time. */
async function moveBack(
  calcom: CalcomClient,
  movedTo: CalBooking,
  start: Date,
): Promise<CalBooking | undefined> {
  try {
    return await moveCalBooking(calcom, movedTo.uid, start)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.ambiguous) throw error
    if (error.status !== undefined && error.status >= 400 && error.status < 429) {
      const found = await fetchCalBooking(calcom, movedTo.uid)
      if (found?.rescheduledToUid) throw error
      return undefined
    }
    throw error
  }
}
