// A session is moved to another time with the same host: free until some hours before the start, then
// refused.
import { inTransaction } from '../../db/client.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { addHours, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { findTerms } from '../plans/find-terms.ts'
import { calendarOf } from '../times/calendar.ts'
import { findBookableHost } from '../times/find-bookable-host.ts'
import { offerNearestTimes } from '../times/offer-nearest-times.ts'
import { requireOffered } from '../times/find-offered-times.ts'
import { bookCalendarNow } from './book-calendar.ts'
import { canChangeForFree, startsWhileValid, waitsForOperator } from './booking.ts'
import { type BookingRow, lockBooking } from './change-booking.ts'
import { lockCalendars } from './lock-calendars.ts'
import { takeTime } from './take-time.ts'

export type Moving = { bookingId: string; start: Date; timeZone?: string } & (
  | { memberId: string }
  | { hostId: string }
)

/**
 * By the member or by the host. A host may move only from and to a time that leaves the member the whole
 * free-change time, so that nobody is ever moved into a session they cannot leave.
 * Refuses: not_scheduled, too_late_to_move, time_not_offered, time_taken, member_busy, session_expired.
 */
async function move(ctx: Context, input: Moving): Promise<void> {
  const { bookingId, start } = input
  const by = 'memberId' in input ? 'member' : 'host'
  const isTheirs = (booking: BookingRow) =>
    'memberId' in input ? booking.memberId === input.memberId : booking.hostId === input.hostId
  const current = await ctx.db
    .selectFrom('bookings')
    .selectAll()
    .where('id', '=', bookingId)
    .executeTakeFirst()
  if (!current || !isTheirs(current)) throw notFound('session')
  if (hasThisTime(current, start)) return
  requireMovable(current)
  const host = await findBookableHost(ctx.db, current.hostId, current.memberId)
  const calendar = calendarOf(host)
  const terms = await findTerms(ctx.db, current.purchaseId)
  await requireOffered(ctx, host, start, {
    sessionMinutes: terms.sessionMinutes,
    exceptBookingId: bookingId,
    movingUid: current.calBookingUid,
    ...(input.timeZone ? { viewerTimeZones: [input.timeZone] } : {}),
  })
  const attempt = await inTransaction(ctx.db, async (tx) => {
    await lockCalendars(tx, current)
    const booking = await lockBooking(tx, bookingId)
    if (!booking || !isTheirs(booking)) throw notFound('session')
    if (hasThisTime(booking, start)) return undefined
    requireMovable(booking)
    requireInTime(booking, start, terms.freeChangeHours, by)
    const changed = await takeTime(tx, booking, {
      event: 'moved',
      by,
      hostId: host.id,
      start,
      end: addMinutes(start, terms.sessionMinutes),
      set: { calendar, wasMovedByHost: by === 'host' },
    })
    return changed.attempt
  })
  if (attempt === undefined) return
  failpoint('after-commit:moved')
  if (calendar === 'calcom') await bookCalendarNow(ctx, bookingId, attempt)
}

/** The same. A refusal because the time is gone comes with the nearest free times. */
export async function moveBooking(ctx: Context, moving: Moving): Promise<void> {
  const booking = await ctx.db
    .selectFrom('bookings')
    .select('hostId')
    .where('id', '=', moving.bookingId)
    .executeTakeFirst()
  if (!booking) throw notFound('session')
  await offerNearestTimes(ctx, { ...moving, hostId: booking.hostId }, () => move(ctx, moving))
}

function hasThisTime(booking: BookingRow, start: Date): boolean {
  return booking.state === 'created' && booking.startAt?.getTime() === start.getTime()
}

function requireMovable(booking: BookingRow): void {
  if (booking.state !== 'created')
    throw new Refusal('not_scheduled', 'This session has no time that could be moved.')
  if (waitsForOperator(booking))
    throw new Refusal('session_over', 'This session has ended. We are looking at what happened.')
  if (now() >= booking.startAt!)
    throw new Refusal('session_over', 'This session has already started and cannot be moved.')
  if (booking.calendarStatus === 'confirming') {
    throw new Refusal(
      'conflict',
      "The host's calendar is still confirming this session. Please try again in a moment.",
    )
  }
}

function requireInTime(
  booking: BookingRow,
  start: Date,
  freeChangeHours: number,
  by: 'member' | 'host',
): void {
  const isFree =
    by === 'member'
      ? canChangeForFree(booking, now(), freeChangeHours)
      : canChangeForFree({ ...booking, wasMovedByHost: false }, now(), freeChangeHours)
  if (!isFree) {
    throw new Refusal(
      'too_late_to_move',
      `A session can be moved until ${freeChangeHours} hours before it starts. This one is closer than that.`,
    )
  }
  if (by === 'host' && start < addHours(now(), freeChangeHours)) {
    throw new Refusal(
      'too_late_to_move',
      `Please choose a time at least ${freeChangeHours} hours from now, so that the member can still say if it does not suit them.`,
    )
  }
  if (by === 'member' && !startsWhileValid(start, booking.validUntil)) {
    throw new Refusal(
      'session_expired',
      'This session must start before it expires. Please choose an earlier time.',
    )
  }
}
