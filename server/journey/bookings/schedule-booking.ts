// Step 4: a member chooses a time for a paid session. The exclusion constraint decides who gets it.
import { type Db, inTransaction, violatedConstraint } from '../../db/client.ts'
import { breakPoint } from '../../lib/break-point.ts'
import { CallUnderWay } from '../../db/outgoing-calls.ts'
import { notFound, ProviderError, Refusal } from '../../lib/errors.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { readTerms } from '../purchases/terms.ts'
import { bookCalendar } from './book-calendar.ts'
import { startsWhileValid } from './booking.ts'
import { type BookingRow, changeBooking, lockBooking } from './change-booking.ts'
import { confirmTime } from './confirm-time.ts'
import { calendarOf, type HostRow, isOffered } from './find-offered-times.ts'

/** An active host, or the refusal that they are not to be had. */
export async function findBookableHost(db: Db, hostId: string): Promise<HostRow> {
  const host = await db.selectFrom('hosts').selectAll().where('id', '=', hostId).executeTakeFirst()
  if (!host || host.status !== 'Active' || host.verificationStatus !== 'Verified') {
    throw new Refusal('host_unavailable', 'This host is not taking sessions at the moment. Please choose another.')
  }
  return host
}

/**
 * Fixes the time of a session without one, and enters it in the host's calendar. The answer's `calendarStatus` is
 * `confirming` where Cal.com has not answered yet; a job goes on with it.
 * Refuses: time_taken, time_not_offered, member_busy, host_unavailable, session_expired, already_scheduled.
 */
export async function scheduleBooking(
  ctx: Context,
  input: { memberId: string; bookingId: string; hostId: string; start: Date },
): Promise<void> {
  const host = await findBookableHost(ctx.db, input.hostId)
  const calendar = calendarOf(host)
  if (calendar === 'builtin') await requireOffered(ctx, host, input.start)
  const attempt = await takingTheTime(() =>
    inTransaction(ctx.db, async (tx) => {
      const booking = await lockBooking(tx, input.bookingId)
      if (!booking || booking.memberId !== input.memberId) throw notFound('session')
      const purchase = await tx.selectFrom('purchases').select('terms').where('id', '=', booking.purchaseId).executeTakeFirstOrThrow()
      const terms = readTerms(purchase.terms)
      requireSchedulable(booking, input.start, terms.anyHost || booking.hostId === input.hostId)
      const changed = await changeBooking(tx, booking, 'scheduled', {
        set: {
          hostId: host.id,
          startAt: input.start,
          endAt: addMinutes(input.start, terms.sessionMinutes),
          attempt: booking.attempt + 1,
          outcome: null,
          calendar,
          calendarStatus: 'confirming',
        },
      })
      if (calendar === 'builtin') await confirmTime(tx, changed, null)
      return changed.attempt
    }),
  )
  breakPoint('after-commit:scheduled')
  if (calendar === 'calcom') await askCalendarNow(ctx, input.bookingId, attempt)
}

/** Asks Cal.com within the request. What stays unclear is left to the job; what is refused is said. */
export async function askCalendarNow(ctx: Context, bookingId: string, attempt: number): Promise<void> {
  try {
    const result = await bookCalendar(ctx, bookingId, attempt)
    if (result === 'refused') throw new Refusal('time_taken', 'This time was just taken. Please choose another.')
  } catch (error) {
    if (error instanceof ProviderError || error instanceof CallUnderWay) return
    throw error
  }
}

/** Turns the constraints' refusals into sentences. */
export async function takingTheTime<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    const constraint = violatedConstraint(error)
    if (constraint === 'one_booking_per_host_and_time') {
      throw new Refusal('time_taken', 'This time was just taken. Please choose another.')
    }
    if (constraint === 'one_booking_per_member_and_time') {
      throw new Refusal('member_busy', 'You already have a session at this time. Please choose another.')
    }
    throw error
  }
}

/** Refuses a start that the host does not offer. */
export async function requireOffered(ctx: Context, host: HostRow, start: Date, exceptBookingId?: string): Promise<void> {
  const isOnOffer = await isOffered(ctx, host, start, { sessionMinutes: 10, ...(exceptBookingId ? { exceptBookingId } : {}) })
  if (!isOnOffer) {
    throw new Refusal('time_not_offered', 'This time is no longer offered. Please choose another.')
  }
}

function requireSchedulable(booking: BookingRow, start: Date, isHostAllowed: boolean): void {
  if (booking.state === 'created') throw new Refusal('already_scheduled', 'This session already has a time. You can move it instead.')
  if (booking.state !== 'pending') throw new Refusal('session_over', 'This session has been used and cannot be given a time.')
  if (!isHostAllowed) throw new Refusal('not_allowed', 'This session was bought for another host. Please choose a time with them.')
  if (start <= now()) throw new Refusal('time_not_offered', 'This time has already passed. Please choose a later one.')
  if (now() >= booking.validUntil) throw new Refusal('session_expired', 'This session has expired and can no longer be booked.')
  if (!startsWhileValid(start, booking.validUntil)) {
    throw new Refusal('session_expired', 'This session must start before it expires. Please choose an earlier time.')
  }
}
