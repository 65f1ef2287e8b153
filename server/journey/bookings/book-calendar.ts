// Enters a booking's chosen time in the host's Cal.com calendar, once per attempt, whatever is lost on the way.
import { inTransaction, violatedConstraint } from '../../db/client.ts'
import { callOnce } from '../../db/outgoing-calls.ts'
import { enqueue } from '../../db/jobs.ts'
import { askOperator } from '../../db/operator-tasks.ts'
import {
  type CalBooking,
  calBookingUrl,
  createCalBooking,
  fetchCalBooking,
  findCalBooking,
  moveCalBooking,
  type NewCalBooking,
} from '../../integrations/calcom.ts'
import { ProviderError } from '../../lib/errors.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { contactEmail } from '../members/member.ts'
import { type BookingRow, changeBooking, lockBooking } from './change-booking.ts'
import { confirmTime } from './confirm-time.ts'

export type CalendarResult = 'confirmed' | 'refused' | 'nothing_to_do'

/** How long Cal.com may stay silent before the time is given back. */
const patienceMinutes = 10

/**
 * Books or moves at Cal.com and records the answer. A clear refusal gives the time back ('refused'); an unclear one is
 * thrown for the job to try again, and gives up after ten minutes of silence.
 */
export async function bookCalendar(ctx: Context, bookingId: string, attempt: number): Promise<CalendarResult> {
  const booking = await ctx.db.selectFrom('bookings').selectAll().where('id', '=', bookingId).executeTakeFirst()
  if (!booking || booking.attempt !== attempt || booking.calendarStatus !== 'confirming') return 'nothing_to_do'
  const host = await ctx.db.selectFrom('hosts').selectAll().where('id', '=', booking.hostId).executeTakeFirstOrThrow()
  const member = await ctx.db.selectFrom('members').selectAll().where('id', '=', booking.memberId).executeTakeFirstOrThrow()
  const wanted: NewCalBooking = {
    account: { username: host.calUsername ?? '', eventSlug: host.calEventSlug ?? '' },
    bookingId,
    attempt,
    start: booking.startAt!,
    attendee: { name: member.fullName || 'Presence member', email: contactEmail(member), timeZone: member.timeZone, mobileNumber: member.mobileNumber },
  }
  try {
    await callOnce<CalBooking>(ctx.db, {
      key: `calcom-book:${bookingId}:${attempt}`,
      provider: 'calcom',
      ...(booking.calBookingUid ? moving(ctx, booking.calBookingUid, booking.startAt!) : creating(ctx, wanted)),
      record: async (tx, cal) => {
        const isCurrent = await confirmTime(tx, booking, { uid: cal.uid, url: calBookingUrl(cal.uid) })
        // Cancelled while Cal.com was answering: nobody needs that time any more.
        if (!isCurrent) await enqueue(tx, 'release-calendar', { calBookingUid: cal.uid, reason: 'No longer needed' })
      },
    })
    return 'confirmed'
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    const isRefusal = error.status === 400 || error.status === 404 || error.status === 409
    if (!isRefusal && now() < addMinutes(await firstTryAt(ctx, bookingId, attempt), patienceMinutes)) throw error
    await giveBack(ctx, bookingId, attempt, { isRefusal, mayRestore: true })
    return 'refused'
  }
}

function creating(ctx: Context, wanted: NewCalBooking) {
  return {
    make: () => createCalBooking(ctx.calcom, wanted),
    lookUp: () => findCalBooking(ctx.calcom, wanted),
  }
}

function moving(ctx: Context, uid: string, start: Date) {
  return {
    make: () => moveCalBooking(ctx.calcom, uid, start),
    lookUp: async () => {
      const old = await fetchCalBooking(ctx.calcom, uid)
      return old?.rescheduledToUid ? fetchCalBooking(ctx.calcom, old.rescheduledToUid) : undefined
    },
  }
}

async function firstTryAt(ctx: Context, bookingId: string, attempt: number): Promise<Date> {
  const call = await ctx.db
    .selectFrom('outgoingCalls')
    .select('startedAt')
    .where('key', '=', `calcom-book:${bookingId}:${attempt}`)
    .executeTakeFirst()
  return call?.startedAt ?? now()
}

/** Back to the earlier time where this was a move, else back to a session without a time. */
async function giveBack(
  ctx: Context,
  bookingId: string,
  attempt: number,
  how: { isRefusal: boolean; mayRestore: boolean },
): Promise<void> {
  const giving = inTransaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, bookingId)
    if (!booking || booking.attempt !== attempt || booking.calendarStatus !== 'confirming') return
    if (booking.movedFromAt && booking.calBookingUid && how.isRefusal && how.mayRestore) {
      return backToEarlierTime(tx, booking, booking.movedFromAt)
    }
    if (booking.calBookingUid) {
      await enqueue(tx, 'release-calendar', { calBookingUid: booking.calBookingUid, reason: 'Moved in Presence' })
    }
    await changeBooking(tx, booking, 'calendar_refused')
    if (how.isRefusal) return
    await askOperator(tx, {
      key: `calendar:${bookingId}:${attempt}`,
      kind: 'calendar',
      bookingId,
      sentence: "The host's Cal.com calendar did not answer for ten minutes, so the member's time was given back. Please check the host's calendar for a stray booking.",
    })
  })
  await giving.catch((error: unknown) => {
    // Somebody took the earlier time meanwhile: then this session is without a time.
    if (!how.mayRestore || !violatedConstraint(error)) throw error
    return giveBack(ctx, bookingId, attempt, { ...how, mayRestore: false })
  })
}

async function backToEarlierTime(tx: Parameters<typeof changeBooking>[0], booking: BookingRow, startAt: Date): Promise<void> {
  const lengthMs = booking.endAt!.getTime() - booking.startAt!.getTime()
  await changeBooking(tx, booking, 'move_refused', {
    set: {
      startAt,
      endAt: new Date(startAt.getTime() + lengthMs),
      movedFromAt: null,
      attempt: booking.attempt + 1,
      calendarStatus: 'confirmed',
    },
  })
}
