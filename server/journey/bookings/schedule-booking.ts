// Step 4: a member chooses a time for a paid session. The exclusion constraint decides who gets it.
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { readTerms } from '../plans/terms.ts'
import { isBlocked } from '../members/find-blocked.ts'
import { calendarOf } from '../times/calendar.ts'
import { findBookableHost, isBookable } from '../times/find-bookable-host.ts'
import { requireOffered } from '../times/find-offered-times.ts'
import { bookCalendarNow } from './book-calendar.ts'
import { startsWhileValid } from './booking.ts'
import { type BookingRow, lockBooking } from './change-booking.ts'
import { lockCalendars } from './lock-calendars.ts'
import { takeTime } from './take-time.ts'

export type Scheduling = {
  memberId: string
  bookingId: string
  hostId: string
  start: Date
  timeZone?: string
}

/**
 * Fixes the time of a session without one, and enters it in the host's calendar. Where Cal.com has not
 * answered yet, the booking's `calendarStatus` is `confirming` and a job goes on with it. Choosing the same
 * time again changes nothing.
 * Refuses: time_taken, time_not_offered, member_busy, host_unavailable, session_expired, already_scheduled.
 */
export async function scheduleBooking(ctx: Context, input: Scheduling): Promise<void> {
  const { bookingId, start } = input
  const known = await ctx.db
    .selectFrom('bookings')
    .innerJoin('purchases', 'purchases.id', 'bookings.purchaseId')
    .selectAll('bookings')
    .select('purchases.terms')
    .where('bookings.id', '=', bookingId)
    .where('bookings.memberId', '=', input.memberId)
    .executeTakeFirst()
  if (!known) throw notFound('session')
  if (hasThisTime(known, input)) return
  requireSchedulable(known, start)
  await requireUndisputed(ctx.db, known.purchaseId)
  const host = await findBookableHost(ctx.db, input.hostId, input.memberId)
  await requireSomebodyElse(ctx.db, input.memberId, host.mobileNumber)
  const calendar = calendarOf(host)
  const terms = readTerms(known.terms)
  await requireOffered(ctx, host, start, {
    sessionMinutes: terms.sessionMinutes,
    exceptBookingId: bookingId,
    ...(input.timeZone ? { viewerTimeZones: [input.timeZone] } : {}),
  })
  const attempt = await inTransaction(ctx.db, async (tx) => {
    await lockCalendars(tx, input)
    const booking = await lockBooking(tx, bookingId)
    if (!booking || booking.memberId !== input.memberId) throw notFound('session')
    if (hasThisTime(booking, input)) return undefined
    requireSchedulable(booking, start)
    await requireUndisputed(tx, booking.purchaseId)
    await requireHostAllowed(tx, booking, host.id, terms.anyHost)
    const changed = await takeTime(tx, booking, {
      event: 'scheduled',
      by: 'member',
      hostId: host.id,
      start,
      end: addMinutes(start, terms.sessionMinutes),
      set: { hostId: host.id, calendar, outcome: null },
    })
    return changed.attempt
  })
  if (attempt === undefined) return
  failpoint('after-commit:scheduled')
  if (calendar === 'calcom') await bookCalendarNow(ctx, bookingId, attempt)
}

/** A member who became a host keeps what they paid for, but meets somebody else with it. */
async function requireSomebodyElse(db: Db, memberId: string, hostNumber: string | null): Promise<void> {
  const member = await db
    .selectFrom('members')
    .select('mobileNumber')
    .where('id', '=', memberId)
    .executeTakeFirstOrThrow()
  if (member.mobileNumber !== hostNumber) return
  throw new Refusal('not_allowed', 'You cannot book a session with yourself. Please choose another host.')
}

/** While the bank decides about a payment, nothing that it paid for is begun. */
async function requireUndisputed(db: Db | Tx, purchaseId: string): Promise<void> {
  const dispute = await db
    .selectFrom('disputes')
    .select('id')
    .where('purchaseId', '=', purchaseId)
    .where('status', '=', 'open')
    .executeTakeFirst()
  if (!dispute) return
  throw new Refusal(
    'conflict',
    'Your bank is looking into the payment for this session. Once it has decided, you can choose a time.',
  )
}

/** A double tap, a second tab or a repeated request: the session has this very time already. */
function hasThisTime(booking: BookingRow, input: { hostId: string; start: Date }): boolean {
  return (
    booking.state === 'created' &&
    booking.hostId === input.hostId &&
    booking.startAt?.getTime() === input.start.getTime()
  )
}

function requireSchedulable(booking: BookingRow, start: Date): void {
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

/** A single session is bought for one host. Another may be chosen once that host can no longer be booked. */
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
  if (!isBookable(bought) || (await isBlocked(tx, booking))) return
  throw new Refusal(
    'not_allowed',
    'This session was bought for another host. Please choose a time with them.',
  )
}
