// Why a session cannot start at a time, rule by rule, for an operator whom a host or a member asks.
import { Temporal } from 'temporal-polyfill'
import {
  earliestStart,
  endOfHorizon,
  fullDays,
  grainMinutes,
  lengthMs,
  widened,
  type CalendarRules,
  type SlotQuery,
} from './availability.ts'
import type { Interval } from './intervals.ts'
import { openIntervals } from './weekly-hours.ts'
import { offsetAt, zoneClock } from './zone-clock.ts'

const minuteMs = 60_000

/** One sentence for each rule that forbids `start`; none exactly where `isFree` says that it is free. */
export function whyNotFree(
  rules: CalendarRules,
  query: Omit<SlotQuery, 'from' | 'to'>,
  start: Date,
): string[] {
  const viewerZone = query.viewerTimeZone ?? rules.timeZone
  const from = start.getTime()
  const to = from + lengthMs(rules)
  const now = query.now.getTime()
  const host = zoneClock(rules.timeZone, from, to)
  const viewer = zoneClock(viewerZone, Math.min(from, now), Math.max(to, now))
  const show = (moment: number) => wallTime(moment, rules.timeZone)
  const reasons: string[] = []

  const grain = grainMinutes(rules)
  if ((from + offsetAt(viewer, from)) % (grain * minuteMs) !== 0) {
    reasons.push(
      `Starts are ${grain} minutes apart on the clock of ${viewerZone}, and ${wallTime(from, viewerZone)} is between two of them.`,
    )
  }
  const earliest = earliestStart(rules, now)
  if (from < earliest)
    reasons.push(
      `With ${rules.minimumNoticeMinutes} minutes of notice, the earliest start now is ${show(earliest)}.`,
    )
  const horizon = endOfHorizon(rules, viewer, now)
  if (from >= horizon)
    reasons.push(
      `The calendar opens ${rules.horizonDays} days ahead, until ${wallTime(horizon, viewerZone)}.`,
    )

  const open = openIntervals(rules, host, from, to)
  if (!open.some(([opens, closes]) => opens <= from && to <= closes)) {
    reasons.push(
      `The ${lengthMs(rules) / minuteMs} minutes of the session are not inside the host's hours. ${hoursOf(rules, from)}`,
    )
  }
  for (const day of fullDays(rules, host, query.busy)) {
    if (overlaps(day, from, to))
      reasons.push(`The day from ${show(day[0])} has its maximum of ${rules.maximumPerDay} bookings.`)
  }
  return [...reasons, ...whatIsInTheWay(rules, query, start)]
}

/** One sentence for each entry, booking and reservation that a session at `start` would overlap. */
export function whatIsInTheWay(
  rules: CalendarRules,
  query: Pick<SlotQuery, 'now' | 'busy' | 'reservations'>,
  start: Date,
): string[] {
  const from = start.getTime()
  const to = from + lengthMs(rules)
  const show = (span: Interval) => wallSpan(span, rules.timeZone)
  const reasons: string[] = []
  for (const busy of query.busy) {
    const block = widened(rules, busy)
    if (!overlaps(block, from, to)) continue
    const what = busy.kind === 'booking' ? 'Another booking' : 'An entry in another calendar'
    const bare: Interval = [busy.start.getTime(), busy.end.getTime()]
    const buffers = block[0] === bare[0] && block[1] === bare[1] ? '' : ` and with buffers ${show(block)},`
    reasons.push(`${what}, ${show(bare)},${buffers} is in the way.`)
  }
  for (const { owner, start: reservedFrom, end: reservedUntil, releaseAt } of query.reservations) {
    const span: Interval = [reservedFrom.getTime(), reservedUntil.getTime()]
    if (owner !== 'other' || releaseAt <= query.now || !overlaps(span, from, to)) continue
    reasons.push(
      `Somebody is booking ${show(span)}; it is held until ${wallTime(releaseAt.getTime(), rules.timeZone)}.`,
    )
  }
  return reasons
}

function overlaps([blockFrom, blockTo]: Interval, from: number, to: number): boolean {
  return blockFrom < blockTo && blockFrom < to && from < blockTo
}

function hoursOf(rules: CalendarRules, moment: number): string {
  const date = zoned(moment, rules.timeZone).toPlainDate()
  const overrides = rules.dateOverrides.filter((override) => override.date === date.toString())
  const windows =
    overrides.length > 0
      ? overrides.flatMap((override) => override.windows)
      : rules.weekly.filter(({ days }) => days.includes(date.dayOfWeek % 7))
  const origin = overrides.length > 0 ? 'by a date override' : 'by the weekly hours'
  const text = windows.map(({ start, end }) => `${start} to ${end}`).join(', ')
  return `On ${date.toString()} they are ${text || 'none'}, ${origin}.`
}

function zoned(moment: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(timeZone)
}

/** '2027-03-01 09:00 (Australia/Sydney)' */
function wallTime(moment: number, timeZone: string): string {
  return `${zoned(moment, timeZone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')} (${timeZone})`
}

/** '2027-03-01 09:00 to 09:20 (Australia/Sydney)', or with both dates. */
function wallSpan([from, to]: Interval, timeZone: string): string {
  const [first, last] = [wallTime(from, timeZone), wallTime(to, timeZone)]
  return `${first.slice(0, 16)} to ${first.slice(0, 10) === last.slice(0, 10) ? last.slice(11) : last}`
}
