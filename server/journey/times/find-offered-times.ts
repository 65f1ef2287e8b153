// Which starts a host offers: Cal.com's answer for a host with an account there, the built-in calendar's
// rules for another, and in both cases without what is booked or just being chosen here.
import { fetchCalSlots } from '../../integrations/calcom.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import { addDays, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { freeStarts, isFree } from './availability.ts'
import { readCalendarRules } from './calendar-rules.ts'
import type { HostRow } from './find-bookable-host.ts'
import { accountOf, readCalSlots } from './read-cal-slots.ts'
import { type Taken, readTaken } from './read-taken-times.ts'

export type Calendar = 'calcom' | 'builtin'

export function calendarOf(host: { calUsername: string | null }): Calendar {
  return host.calUsername ? 'calcom' : 'builtin'
}

/**
 * `exceptBookingId` is the session that is looking: neither its present time nor its reservation is in its
 * own way.
 */
type Looking = { sessionMinutes: number; exceptBookingId?: string }
export type TimeRange = Looking & { from: Date; to: Date; viewerTimeZone?: string }

/**
 * The host's free starts from `from` up to `to`, in order. Refuses with calendar_unavailable where Cal.com
 * does not answer.
 */
export async function offeredTimes(ctx: Context, host: HostRow, range: TimeRange): Promise<Date[]> {
  const { from, to, viewerTimeZone } = range
  const [taken] = await readTaken(ctx.db, [host], {
    from: addDays(from, -1),
    to: addDays(to, 1),
    exceptBookingId: range.exceptBookingId,
  })
  if (calendarOf(host) === 'builtin') {
    const rules = readCalendarRules(host, range.sessionMinutes)
    return freeStarts(rules, {
      from,
      to,
      now: now(),
      ...taken!,
      ...(viewerTimeZone ? { viewerTimeZone } : {}),
    })
  }
  const starts = await askCalcom(() => readCalSlots(ctx, host, from, to))
  return leftOf(starts, taken!, range)
}

/** Cal.com's starts without what is taken here, and with what this session itself keeps there. */
function leftOf(starts: Date[], { busy, holds }: Taken, range: TimeRange): Date[] {
  const kept = holds
    .filter((hold) => hold.owner === 'self' && hold.start >= range.from && hold.start < range.to)
    .map((hold) => hold.start)
  const inTheWay = [...busy, ...holds.filter((hold) => hold.owner === 'other')]
  const all = new Map([...starts, ...kept].map((start) => [start.getTime(), start]))
  return [...all.values()]
    .filter((start) => {
      const end = addMinutes(start, range.sessionMinutes)
      return start > now() && !inTheWay.some((time) => time.start < end && start < time.end)
    })
    .sort((a, b) => a.getTime() - b.getTime())
}

/**
 * Whether this very start is offered: by the rules of the built-in calendar (on the grid of the host's zone
 * or of one of `viewerTimeZones`), or among Cal.com's slots, read again where it is missing from those that
 * were kept.
 */
export async function isOffered(
  ctx: Context,
  host: HostRow,
  start: Date,
  session: Looking & { viewerTimeZones?: string[]; movingUid?: string | null },
): Promise<boolean> {
  const range = { ...session, from: start, to: addMinutes(start, session.sessionMinutes) }
  const [taken] = await readTaken(ctx.db, [host], {
    from: addDays(range.from, -1),
    to: addDays(range.to, 1),
    exceptBookingId: session.exceptBookingId,
  })
  if (calendarOf(host) === 'builtin') {
    const rules = readCalendarRules(host, session.sessionMinutes)
    return [host.timeZone, ...(session.viewerTimeZones ?? [])].some((viewerTimeZone) =>
      isFree(rules, { now: now(), ...taken!, viewerTimeZone }, start),
    )
  }
  const asked = now()
  const has = (starts: Date[]) =>
    leftOf(starts, taken!, range).some((one) => one.getTime() === start.getTime())
  return askCalcom(async () => {
    if (has(await readCalSlots(ctx, host, range.from, range.to))) return true
    if (session.movingUid)
      return has(await fetchCalSlots(ctx.calcom, accountOf(host), range.from, range.to, session.movingUid))
    return has(await readCalSlots(ctx, host, range.from, range.to, new Date(asked.getTime() - 2_000)))
  })
}

async function askCalcom<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw new Refusal(
      'calendar_unavailable',
      "This host's calendar can't be reached at the moment. Please try again soon, or choose another host.",
    )
  }
}
