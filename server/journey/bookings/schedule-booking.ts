// Step 4: a member chooses a time for a paid session. The exclusion constraint decides who gets it.
import { inTransaction, type Tx, violatedConstraint } from '../../db/client.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { CallUnderWay } from '../../calls/call-once.ts'
import { notFound, ProviderError, Refusal } from '../../lib/errors.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { readTerms } from '../purchases/terms.ts'
import { bookCalendar } from './book-calendar.ts'
import { startsWhileValid } from './booking.ts'
import { type BookingRow, changeBooking, lockBooking } from './change-booking.ts'
import { lockCalendars, requireNotBooked } from './lock-calendars.ts'
import { releaseReservation, requireUnreserved } from '../times/reserve-time.ts'
import { confirmTime } from './confirm-time.ts'
import { findBookableHost, type HostRow, isBookable } from '../times/find-bookable-host.ts'
import { calendarOf, isOffered } from '../times/find-offered-times.ts'

export type Scheduling = {
  memberId: string
  bookingId: string
  hostId: string
  start: Date
  timeZone?: string
}

/**
 * Fixes the time of a session without one, and enters it in the host's calendar. The answer's
 * `calendarStatus` is
 * `confirming` where Cal.com has not answered yet; a job goes on with it. Choosing the same time again
 * changes nothing.
 * Refuses: time_taken, time_not_offered, member_busy, host_unavailable, session_expired, already_scheduled.
 */
export async function scheduleBooking(ctx: Context, input: Scheduling): Promise<void> {
  const known = await ctx.db
    .selectFrom('bookings')
    .innerJoin('purchases', 'purchases.id', 'bookings.purchaseId')
    .selectAll('bookings')
    .select('purchases.terms')
    .where('bookings.id', '=', input.bookingId)
    .where('bookings.memberId', '=', input.memberId)
    .executeTakeFirst()
  if (!known) throw notFound('session')
  if (isAlreadySo(known, input)) return
  requireTime(known, input.start)
  const host = await findBookableHost(ctx.db, input.hostId)
  const calendar = calendarOf(host)
  const terms = readTerms(known.terms)
  await requireOffered(ctx, host, input.start, {
    sessionMinutes: terms.sessionMinutes,
    exceptBookingId: input.bookingId,
    ...(input.timeZone ? { viewerTimeZones: [input.timeZone] } : {}),
  })
  const attempt = await takingTheTime(() =>
    inTransaction(ctx.db, async (tx) => {
      await lockCalendars(tx, input)
      const booking = await lockBooking(tx, input.bookingId)
      if (!booking || booking.memberId !== input.memberId) throw notFound('session')
      if (isAlreadySo(booking, input)) return undefined
      requireTime(booking, input.start)
      await requireHostAllowed(tx, booking, input.hostId, terms.anyHost)
      const end = addMinutes(input.start, terms.sessionMinutes)
      await requireNotBooked(tx, { hostId: host.id, bookingId: booking.id, start: input.start, end })
      await requireUnreserved(tx, { hostId: host.id, start: input.start, end, bookingId: booking.id })
      await releaseReservation(tx, booking.id)
      const changed = await changeBooking(tx, booking, 'scheduled', {
        set: {
          hostId: host.id,
          startAt: input.start,
          endAt: end,
          attempt: booking.attempt + 1,
          outcome: null,
          calendar,
          calendarStatus: 'confirming',
          calendarAskedAt: now(),
        },
      })
      if (calendar === 'builtin') await confirmTime(tx, changed, null)
      return changed.attempt
    }),
  )
  if (attempt === undefined) return
  failpoint('after-commit:scheduled')
  if (calendar === 'calcom') await askCalendarNow(ctx, input.bookingId, attempt)
}

/** A double tap, a second tab, a repeated request: the session has this very time already. */
function isAlreadySo(booking: BookingRow, input: { hostId: string; start: Date }): boolean {
  return (
    booking.state === 'created' &&
    booking.hostId === input.hostId &&
    booking.startAt?.getTime() === input.start.getTime()
  )
}

/** Asks Cal.com within the request. What stays unclear is left to the job; what is refused is said. */
export async function askCalendarNow(ctx: Context, bookingId: string, attempt: number): Promise<void> {
  try {
    const result = await bookCalendar(ctx, bookingId, attempt, 'at_once')
    if (result === 'refused')
      throw new Refusal('time_taken', 'This time was just taken. Please choose another.')
  } catch (error) {
    if (error instanceof ProviderError || error instanceof CallUnderWay) return
    throw error
  }
}

/** Turns the constraints' refusals into sentences. */
export async function takingTheTime<Result>(
  act: () => Promise<Result>,
  by: 'member' | 'host' = 'member',
): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    const constraint = violatedConstraint(error)
    if (constraint === 'one_booking_per_host_and_time') {
      throw new Refusal('time_taken', 'This time was just taken. Please choose another.')
    }
    if (constraint === 'one_booking_per_member_and_time') {
      const whose = by === 'member' ? 'You already have a session' : 'The member has another session'
      throw new Refusal('member_busy', `${whose} at this time. Please choose another.`)
    }
    throw error
  }
}

/** Refuses a start that the host does not offer, or that lies in the past. */
export async function requireOffered(
  ctx: Context,
  host: HostRow,
  start: Date,
  looking: {
    sessionMinutes: number
    exceptBookingId: string
    viewerTimeZones?: string[]
    movingUid?: string | null
  },
): Promise<void> {
  if (!(await isOffered(ctx, host, start, looking))) {
    throw new Refusal('time_not_offered', 'This time is no longer offered. Please choose another.')
  }
}

function requireTime(booking: BookingRow, start: Date): void {
  if (booking.state === 'created')
    throw new Refusal('already_scheduled', 'This session already has a time. You can move it instead.')
  if (booking.state === 'expired')
    throw new Refusal('session_expired', 'This session has expired and can no longer be booked.')
  if (booking.state !== 'pending')
    throw new Refusal('session_over', 'This session has been used and cannot be given a time.')
  if (start <= now())
    throw new Refusal('time_not_offered', 'This time has already passed. Please choose a later one.')
  if (now() >= booking.validUntil)
    throw new Refusal('session_expired', 'This session has expired and can no longer be booked.')
  if (!startsWhileValid(start, booking.validUntil)) {
    throw new Refusal(
      'session_expired',
      'This session must start before it expires. Please choose an earlier time.',
    )
  }
}

/**
 * A single session is bought for one host; whoever bought it for a host that takes none any more may choose
 * another.
 */
async function requireHostAllowed(
  tx: Tx,
  booking: BookingRow,
  hostId: string,
  anyHost: boolean,
): Promise<void> {
  if (anyHost || booking.hostId === hostId) return
  const bought = await tx
    .selectFrom('hosts')
    .select(['status', 'verificationStatus'])
    .where('id', '=', booking.hostId)
    .executeTakeFirstOrThrow()
  if (!isBookable(bought)) return
  throw new Refusal(
    'not_allowed',
    'This session was bought for another host. Please choose a time with them.',
  )
}
