// Enters a booking's chosen time in the host's Cal.com calendar once per attempt, even if answers are lost.
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { reopenOperatorTask } from '../../db/operator-tasks.ts'
import { callOnce } from '../../calls/call-once.ts'
import { CallUnderWay } from '../../calls/lease.ts'
import {
  type CalBooking,
  calBookingUrl,
  createCalBooking,
  fetchCalBooking,
  findCalBooking,
  isTimeTaken,
  moveCalBooking,
  type NewCalBooking,
} from '../../integrations/calcom-bookings.ts'
import type { CalcomClient } from '../../integrations/calcom.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import { addHours, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { contactEmail, firstName } from '../members/member.ts'
import { sessionPageOf } from './session-page.ts'
import { requireMeetingPlace } from './set-meeting-place.ts'
import { calAccountOf } from '../times/calendar.ts'
import { findCalcom } from '../times/find-calcom.ts'
import { forgetCalSlots } from '../times/read-cal-slots.ts'
import type { BookingRow } from './change-booking.ts'
import { confirmTime } from './confirm-time.ts'
import { dropEntries } from './drop-entries.ts'
import { giveTimeBack } from './give-time-back.ts'
import { leaveCalendar } from './leave-calendar.ts'
import { recordEntry, recordEntrySeen } from './record-entry.ts'

/** `not_bookable`: Cal.com refuses the event type or the request, whatever the time. */
export type CalendarResult = 'confirmed' | 'refused' | 'not_bookable' | 'nothing_to_do'

/**
 * How long Cal.com may stay silent before the time is given back: less than a minute, with the waiting
 * between the tries.
 */
const patienceSeconds = 25
/**
 * Where the event type asks the host to accept: within this time, and at least this long before the start.
 */
const acceptWithinHours = 12
const acceptBeforeMinutes = 60

/**
 * Books or moves at Cal.com and records the answer. A clear refusal gives the time back ('refused'). An
 * unclear answer is thrown, so that the job tries again, until Cal.com has been silent for too long. A
 * refusal outside the member's own request (`at_once`) is not seen on any page, so the member is told by SMS.
 */
export async function bookCalendar(
  ctx: Context,
  bookingId: string,
  attempt: number,
  when: 'at_once' | 'later' = 'later',
): Promise<CalendarResult> {
  const booking = await ctx.db
    .selectFrom('bookings')
    .selectAll()
    .where('id', '=', bookingId)
    .executeTakeFirst()
  if (!booking || booking.attempt !== attempt || booking.calendarStatus !== 'confirming')
    return 'nothing_to_do'
  const host = await ctx.db
    .selectFrom('hosts')
    .selectAll()
    .where('id', '=', booking.hostId)
    .executeTakeFirstOrThrow()
  if (!host.calUsername) {
    await leaveCalendar(ctx.db, bookingId)
    return 'confirmed'
  }
  const member = await ctx.db
    .selectFrom('members')
    .selectAll()
    .where('id', '=', booking.memberId)
    .executeTakeFirstOrThrow()
  const wanted: NewCalBooking = {
    account: calAccountOf(host),
    bookingId,
    attempt,
    start: booking.startAt!,
    attendee: {
      name: firstName(member.fullName, 'Presence member'),
      email: contactEmail(member),
      timeZone: member.timeZone,
      language: 'en',
    },
    meetingUrl: sessionPageOf(ctx.config.publicUrl, bookingId),
  }
  // Given back before it was asked for.
  const entry = { id: bookingId, attempt, startAt: booking.startAt! }
  if (!(await recordEntry(ctx.db, entry, wanted.account, wanted.attendee.email))) return 'nothing_to_do'
  const calcom = await findCalcom(ctx, host.id)
  try {
    const answer = await callOnce<CalBooking>(ctx.db, {
      key: callKey(bookingId, attempt),
      provider: 'calcom',
      ...(booking.calBookingUid
        ? moving(calcom, booking.calBookingUid, booking.startAt!)
        : creating(calcom, wanted)),
      record: async (tx, cal) => {
        const isCurrent = cal.isPending
          ? await noteRequest(tx, booking, cal)
          : await confirmTime(tx, booking, { uid: cal.uid, url: calBookingUrl(cal.uid) })
        // Cancelled while Cal.com was answering: nobody needs that time any more.
        await recordEntrySeen(tx, { id: bookingId, attempt }, cal.uid)
        if (isCurrent) await requireMeetingPlace(tx, { id: bookingId, attempt }, cal, wanted.meetingUrl)
        else await dropEntries(tx, bookingId, 'No longer needed')
      },
    })
    if (answer === undefined && booking.calBookingUid)
      return await followRequest(ctx, booking, booking.calBookingUid)
    return 'confirmed'
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    // After a try without an answer, "taken" may be by ourselves: it is looked up again like silence.
    const wasUnclear = await isOpen(ctx.db, callKey(bookingId, attempt))
    const isRefusal = !wasUnclear && (error.status === 400 || error.status === 404 || error.status === 409)
    const askedAt = booking.calendarAskedAt ?? now()
    if (!isRefusal && now().getTime() < askedAt.getTime() + patienceSeconds * 1000) throw error
    if (isRefusal) await forgetCalSlots(ctx.db, [booking.hostId])
    await giveTimeBack(ctx, bookingId, attempt, { isRefusal, mayRestore: true, isTold: when === 'later' })
    if (!isRefusal || isTimeTaken(error)) return 'refused'
    await reportNotBookable(ctx, host, error)
    return 'not_bookable'
  }
}

const callKey = (bookingId: string, attempt: number) => `calcom-book:${bookingId}:${attempt}`

async function isOpen(db: Db, key: string): Promise<boolean> {
  const call = await db
    .selectFrom('outgoingCalls')
    .select('key')
    .where('key', '=', key)
    .where('finishedAt', 'is', null)
    .executeTakeFirst()
  return call !== undefined
}

/** A required question, a limit of bookings, moves that are switched off: the host's to mend, not the member's. */
async function reportNotBookable(
  ctx: Context,
  host: { id: string; fullName: string },
  error: ProviderError,
): Promise<void> {
  await inTransaction(ctx.db, (tx) =>
    reopenOperatorTask(tx, {
      key: `calcom_refuses:${host.id}`,
      kind: 'setup',
      hostId: host.id,
      sentence: `Cal.com does not take our bookings of ${host.fullName}, and says: "${error.message.replace(/^calcom: /, '').slice(0, 300)}". Please mend their event type with them; the page Hours of the host says what is wrong there.`,
    }),
  )
}

/** Within the member's own request: an unclear answer is left to the job, a refusal is told at once. */
export async function bookCalendarNow(ctx: Context, bookingId: string, attempt: number): Promise<void> {
  try {
    const result = await bookCalendar(ctx, bookingId, attempt, 'at_once')
    if (result === 'not_bookable')
      throw new Refusal(
        'calendar_unavailable',
        "This host's calendar cannot take a booking just now. We have been told; please choose another host or try later.",
      )
    if (result === 'refused')
      throw new Refusal('time_taken', 'This time was just taken. Please choose another.')
  } catch (error) {
    if (error instanceof ProviderError || error instanceof CallUnderWay) return
    throw error
  }
}

/** The host has to accept first: the time stays `confirming`, and Cal.com's reference is stored. */
async function noteRequest(tx: Tx, booking: BookingRow, cal: CalBooking): Promise<boolean> {
  const noted = await tx
    .updateTable('bookings')
    .set({ calBookingUid: cal.uid, calBookingUrl: calBookingUrl(cal.uid) })
    .where('id', '=', booking.id)
    .where('attempt', '=', booking.attempt)
    .where('state', '=', 'created')
    .executeTakeFirst()
  return noted.numUpdatedRows === 1n
}

/** Looks at a request that the host has to accept. */
async function followRequest(ctx: Context, booking: BookingRow, uid: string): Promise<CalendarResult> {
  const cal = await fetchCalBooking(await findCalcom(ctx, booking.hostId), uid)
  if (cal && !cal.isPending && !cal.isCancelled) {
    await inTransaction(ctx.db, (tx) => confirmTime(tx, booking, { uid, url: calBookingUrl(uid) }))
    return 'confirmed'
  }
  const latest = Math.min(
    addHours(booking.calendarAskedAt ?? now(), acceptWithinHours).getTime(),
    addMinutes(booking.startAt!, -acceptBeforeMinutes).getTime(),
  )
  if (cal?.isPending && now().getTime() < latest) return 'nothing_to_do'
  await giveTimeBack(ctx, booking.id, booking.attempt, { isRefusal: true, mayRestore: false, isTold: true })
  return 'refused'
}

function creating(calcom: CalcomClient, wanted: NewCalBooking) {
  return {
    make: () => createCalBooking(calcom, wanted),
    lookUp: () => findCalBooking(calcom, { ...wanted, attendeeEmail: wanted.attendee.email }),
  }
}

function moving(calcom: CalcomClient, uid: string, start: Date) {
  return {
    make: () => moveCalBooking(calcom, uid, start),
    lookUp: async () => {
      const old = await fetchCalBooking(calcom, uid)
      return old?.rescheduledToUid ? fetchCalBooking(calcom, old.rescheduledToUid) : undefined
    },
  }
}
