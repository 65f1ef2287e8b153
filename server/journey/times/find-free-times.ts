// A host's free times within a span that a visitor, a member or a host asks for.
import { z } from 'zod'
import { isId } from '../../lib/ids.ts'
import { Refusal } from '../../lib/errors.ts'
import { addDays } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { isTimeZone } from '../members/member.ts'
import { sessionMinutes as sessionMinutesToday } from '../plans/plan.ts'
import { findTerms } from '../plans/find-terms.ts'
import { instant, type Who } from '../request.ts'
import { calendarOf } from './calendar.ts'
import type { HostRow } from './find-bookable-host.ts'
import { findOfferedTimes } from './find-offered-times.ts'
import type { Slots } from './free-times-view.ts'

const maxDays = 62

export const slotsQuery = z.object({
  from: instant,
  to: instant,
  /** Whose clock the starts are rounded on; the host's by default. */
  timeZone: z.string().max(64).refine(isTimeZone, 'must be a time zone like Australia/Sydney').optional(),
})

/**
 * `booking` is the session that a time is chosen for: its terms say how long it lasts, and its own time is
 * not in its way. Refuses: invalid_input, calendar_unavailable.
 */
export async function findFreeTimes(
  ctx: Context,
  host: HostRow,
  query: z.infer<typeof slotsQuery>,
  booking: { id: string; purchaseId: string } | undefined,
): Promise<Slots> {
  const { from, to } = { from: new Date(query.from), to: new Date(query.to) }
  if (to <= from || to > addDays(from, maxDays)) {
    throw new Refusal(
      'invalid_input',
      'Please ask for a span of time of at most two months that ends after it begins.',
    )
  }
  const sessionMinutes = booking
    ? (await findTerms(ctx.db, booking.purchaseId)).sessionMinutes
    : sessionMinutesToday
  const starts = await findOfferedTimes(ctx, host, {
    from,
    to,
    sessionMinutes,
    ...(query.timeZone ? { viewerTimeZone: query.timeZone } : {}),
    ...(booking ? { exceptBookingId: booking.id } : {}),
  })
  return {
    slots: starts.map((time) => ({ start: time.toISOString() })),
    sessionMinutes,
    timeZone: host.timeZone,
    calendar: calendarOf(host),
  }
}

/** The session that this person is choosing a time for; undefined where it is not theirs. */
export async function findBookingToSchedule(
  ctx: Context,
  who: Who | null,
  bookingId: string | undefined,
): Promise<{ id: string; purchaseId: string } | undefined> {
  if (!who || !bookingId || !isId(bookingId)) return undefined
  const booking = await ctx.db
    .selectFrom('bookings')
    .select(['id', 'purchaseId', 'memberId', 'hostId'])
    .where('id', '=', bookingId)
    .executeTakeFirst()
  return booking && (booking.memberId === who.member?.id || booking.hostId === who.host?.id)
    ? booking
    : undefined
}
