// Which starts a host offers: Cal.com's answer for a host with an account there, the built-in calendar's rules for
// another, and in both cases without what is booked here already.
import type { Selectable } from 'kysely'
import type { Hosts } from '../../db/schema.generated.ts'
import { fetchCalSlots } from '../../integrations/calcom.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import { addDays, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { type BusyTime, freeStarts, isFree } from '../hosts/availability.ts'
import { readCalendarRules } from '../hosts/calendar-rules.ts'

export type HostRow = Selectable<Hosts>
export type Calendar = 'calcom' | 'builtin'

export function calendarOf(host: HostRow): Calendar {
  return host.calUsername ? 'calcom' : 'builtin'
}

export type TimeRange = { from: Date; to: Date; sessionMinutes: number; viewerTimeZone?: string; exceptBookingId?: string }

/**
 * The host's free starts from `from` up to `to`, in order. `exceptBookingId` is a booking that is being moved and so
 * does not stand in its own way. Refuses with calendar_unavailable where Cal.com does not answer.
 */
export async function offeredTimes(ctx: Context, host: HostRow, range: TimeRange): Promise<Date[]> {
  const busy = await bookedTimes(ctx, host, range)
  if (calendarOf(host) === 'builtin') {
    const { from, to, viewerTimeZone } = range
    const rules = readCalendarRules(host, range.sessionMinutes)
    return freeStarts(rules, { from, to, now: now(), busy, holds: [], ...(viewerTimeZone ? { viewerTimeZone } : {}) })
  }
  const account = { username: host.calUsername!, eventSlug: host.calEventSlug! }
  const starts = await askCalcom(() => fetchCalSlots(ctx.calcom, account, range.from, range.to))
  return starts.filter((start) => {
    const end = addMinutes(start, range.sessionMinutes)
    return start > now() && start >= range.from && start < range.to && !busy.some((time) => time.start < end && start < time.end)
  })
}

/** Whether this very start is offered: by the rules of the built-in calendar, or among Cal.com's slots. */
export async function isOffered(
  ctx: Context,
  host: HostRow,
  start: Date,
  session: { sessionMinutes: number; exceptBookingId?: string },
): Promise<boolean> {
  const range = { from: start, to: addMinutes(start, session.sessionMinutes), ...session }
  if (calendarOf(host) === 'builtin') {
    const busy = await bookedTimes(ctx, host, range)
    return isFree(readCalendarRules(host, session.sessionMinutes), { now: now(), busy, holds: [] }, start)
  }
  const starts = await offeredTimes(ctx, host, range)
  return starts.some((time) => time.getTime() === start.getTime())
}

async function bookedTimes(ctx: Context, host: HostRow, range: TimeRange): Promise<BusyTime[]> {
  const booked = await ctx.db
    .selectFrom('bookings')
    .select(['id', 'startAt', 'endAt'])
    .where('hostId', '=', host.id)
    .where('state', '=', 'created')
    .where('endAt', '>', addDays(range.from, -1))
    .where('startAt', '<', addDays(range.to, 1))
    .execute()
  return booked
    .filter((booking) => booking.id !== range.exceptBookingId)
    .map((booking) => ({
      kind: 'booking',
      start: booking.startAt!,
      end: booking.endAt!,
      bufferBeforeMinutes: host.bufferBeforeMinutes,
      bufferAfterMinutes: host.bufferAfterMinutes,
    }))
}

async function askCalcom<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw new Refusal('calendar_unavailable', "This host's calendar can't be reached at the moment. Please try again soon, or choose another host.")
  }
}
