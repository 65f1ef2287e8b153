// Which starts a host offers, without what is booked or reserved here: by the answer of Cal.com for a host
// with an account there, by the rules of the built-in calendar for another.
import { fetchCalSlots } from '../../integrations/calcom-slots.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import { addDays, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { freeStarts, isFree } from './availability.ts'
import { calAccountOf, calendarOf } from './calendar.ts'
import { findCalcom } from './find-calcom.ts'
import { readCalendarRules } from './calendar-rules.ts'
import type { HostRow } from './find-bookable-host.ts'
import { readCalSlots } from './read-cal-slots.ts'
import { readTakenTimes, type TakenTimes } from './read-taken-times.ts'

/** The session that a time is chosen for. Its own present time and reservation are not in its way. */
type Session = { sessionMinutes: number; exceptBookingId?: string }
export type TimeRange = Session & { from: Date; to: Date; viewerTimeZone?: string }

/**
 * The host's free starts from `from` up to `to`, in order. Refuses with calendar_unavailable where Cal.com
 * does not answer.
 */
export async function findOfferedTimes(ctx: Context, host: HostRow, range: TimeRange): Promise<Date[]> {
  const { from, to, viewerTimeZone } = range
  const taken = await readTakenAround(ctx, host, range)
  if (calendarOf(host) === 'builtin') {
    const rules = readCalendarRules(host, range.sessionMinutes)
    return freeStarts(rules, {
      from,
      to,
      now: now(),
      ...taken,
      ...(viewerTimeZone ? { viewerTimeZone } : {}),
    })
  }
  const starts = await askCalcom(() => readCalSlots(ctx, host, from, to))
  return withoutTaken(starts, taken, range)
}

/** One day more on either side: buffers and the maximum of a day reach beyond the range. */
async function readTakenAround(ctx: Context, host: HostRow, range: TimeRange): Promise<TakenTimes> {
  const [taken] = await readTakenTimes(ctx.db, [host], {
    from: addDays(range.from, -1),
    to: addDays(range.to, 1),
    exceptBookingId: range.exceptBookingId,
  })
  return taken!
}

/** Cal.com's starts without what is taken here, and with what this session itself has reserved there. */
function withoutTaken(starts: Date[], { busy, reservations }: TakenTimes, range: TimeRange): Date[] {
  const own = reservations
    .filter(({ owner, start }) => owner === 'self' && start >= range.from && start < range.to)
    .map(({ start }) => start)
  const inTheWay = [...busy, ...reservations.filter(({ owner }) => owner === 'other')]
  const all = new Map([...starts, ...own].map((start) => [start.getTime(), start]))
  return [...all.values()]
    .filter((start) => {
      const end = addMinutes(start, range.sessionMinutes)
      return start > now() && !inTheWay.some((time) => time.start < end && start < time.end)
    })
    .sort((a, b) => a.getTime() - b.getTime())
}

type ChosenStart = Session & { viewerTimeZones?: string[]; movingUid?: string | null }

/** Refuses with time_not_offered a start that the host does not offer, or that lies in the past. */
export async function requireOffered(
  ctx: Context,
  host: HostRow,
  start: Date,
  session: ChosenStart,
): Promise<void> {
  if (!(await isOffered(ctx, host, start, session))) {
    throw new Refusal('time_not_offered', 'This time is no longer offered. Please choose another.')
  }
}

/**
 * By the rules of the built-in calendar, on the grid of the host's zone or of one of `viewerTimeZones`; or by
 * Cal.com's slots, which are read again if the start is missing from the cached ones.
 */
async function isOffered(ctx: Context, host: HostRow, start: Date, session: ChosenStart): Promise<boolean> {
  const range = { ...session, from: start, to: addMinutes(start, session.sessionMinutes) }
  const taken = await readTakenAround(ctx, host, range)
  if (calendarOf(host) === 'builtin') {
    const rules = readCalendarRules(host, session.sessionMinutes)
    return [host.timeZone, ...(session.viewerTimeZones ?? [])].some((viewerTimeZone) =>
      isFree(rules, { now: now(), ...taken, viewerTimeZone }, start),
    )
  }
  const asked = now()
  const has = (starts: Date[]) =>
    withoutTaken(starts, taken, range).some((one) => one.getTime() === start.getTime())
  return askCalcom(async () => {
    if (has(await readCalSlots(ctx, host, range.from, range.to))) return true
    if (session.movingUid)
      return has(
        await fetchCalSlots(
          await findCalcom(ctx, host.id),
          calAccountOf(host),
          range.from,
          range.to,
          session.movingUid,
        ),
      )
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
