// When a host can be booked. The rules are Cal.com's, so that a host sees the same times in both calendars.
import { merge, subtract, type Interval } from './intervals.ts'
import { openIntervals, type DateOverride, type WeeklyWindow } from './weekly-hours.ts'
import { dayAt, momentOf, offsetAt, zoneClock, type ZoneClock } from './zone-clock.ts'

export type CalendarRules = {
  /** The host's IANA zone, on whose wall clock the hours are written. */
  timeZone: string
  weekly: WeeklyWindow[]
  dateOverrides: DateOverride[]
  eventMinutes: number
  /** From one start to the next; null: the session's length. */
  intervalMinutes: number | null
  minimumNoticeMinutes: number
  bufferBeforeMinutes: number
  bufferAfterMinutes: number
  /** The last day with starts is this many days after today, on the viewer's calendar. */
  horizonDays?: number | null
  /** A day of the host with this many bookings (by their start) is full. */
  maximumPerDay?: number | null
}

/** A booking has buffers of its own, or else those of the rules. An external block has none. */
export type BusyTime = {
  kind: 'external' | 'booking'
  start: Date
  end: Date
  bufferBeforeMinutes?: number
  bufferAfterMinutes?: number
}

/** A short reservation while somebody pays or confirms. Only those of others count, until `releaseAt`. */
export type Reservation = { owner: 'self' | 'other'; start: Date; end: Date; releaseAt: Date }

/**
 * Where `maximumPerDay` is to count, `busy` must hold all bookings of the host's days between `from` and
 * `to`.
 */
export type SlotQuery = {
  from: Date
  to: Date
  now: Date
  viewerTimeZone?: string
  busy: BusyTime[]
  reservations: Reservation[]
}

const minuteMs = 60_000
const dayMs = 86_400_000

/**
 * Every start a member may choose, in order. A session lies whole inside `from` to `to` and inside one free
 * stretch of the host's hours. Where the rules leave a choice, Cal.com's decisions are followed:
 * - Bookings and external blocks cut the hours into stretches, and the grid begins anew in each: at its first
 *   moment, at now + notice without the seconds, or at `from`, rounded up on the viewer's clock. Two starts
 *   are never closer than the step, even across a cut.
 * - Reservations take away the starts they overlap and leave the grid as it is, so that a list does not jump
 *   while people pay.
 * - Buffers add up: the buffer after one session and the buffer before the next both lie between them.
 */
export function freeStarts(rules: CalendarRules, query: SlotQuery): Date[] {
  const from = query.from.getTime()
  const to = query.to.getTime()
  const now = query.now.getTime()
  if (!(from < to)) return []
  const host = zoneClock(rules.timeZone, from, to)
  const viewer = zoneClock(query.viewerTimeZone ?? rules.timeZone, Math.min(from, now), to)
  const open = openIntervals(rules, host, from, to).map(([start, end]): Interval => [
    Math.max(start, from),
    Math.min(end, to),
  ])
  const closed = merge([
    ...query.busy.map((time) => widened(rules, time)),
    ...fullDays(rules, host, query.busy),
  ])
  const starts = startsIn(subtract(merge(open), closed), rules, viewer, now)
  return withoutReserved(starts, rules, query.reservations, now).map((start) => new Date(start))
}

/** Whether a session may start at `start`: whether `freeStarts` offers it for some query now. */
export function isFree(rules: CalendarRules, query: Omit<SlotQuery, 'from' | 'to'>, start: Date): boolean {
  const to = new Date(start.getTime() + lengthMs(rules))
  return freeStarts(rules, { ...query, from: start, to }).some((free) => free.getTime() === start.getTime())
}

function startsIn(free: Interval[], rules: CalendarRules, viewer: ZoneClock, now: number): number[] {
  const step = stepMinutes(rules) * minuteMs
  const grain = grainMinutes(rules) * minuteMs
  const length = lengthMs(rules)
  const earliest = earliestStart(rules, now)
  const before = endOfHorizon(rules, viewer, now)
  const starts: number[] = []
  let next = -Infinity
  for (const [start, end] of free) {
    let at = roundUp(Math.max(ceilTo(start, minuteMs), earliest), grain, viewer)
    for (at = Math.max(at, next); at + length <= end && at < before; at = next) {
      starts.push(at)
      next = at + step
    }
  }
  return starts
}

function stepMinutes(rules: CalendarRules): number {
  return Math.max(1, rules.intervalMinutes ?? rules.eventMinutes)
}

/** The first start of a stretch is on a multiple of this many minutes past the hour. */
export function grainMinutes(rules: CalendarRules): number {
  return [60, 30, 20, 15, 10, 5].find((minutes) => stepMinutes(rules) % minutes === 0) ?? 1
}

export function earliestStart(rules: CalendarRules, now: number): number {
  return Math.floor((now + rules.minimumNoticeMinutes * minuteMs) / minuteMs) * minuteMs
}

/**
 * Rounds up to a multiple of `grain` past the hour on the viewer's clock: Delhi's full hour is London's half
 * hour.
 */
function roundUp(moment: number, grain: number, viewer: ZoneClock): number {
  const offset = offsetAt(viewer, moment)
  const rounded = ceilTo(moment + offset, grain) - offset
  // Where the clock changes on the way, the grid goes on by the new one: Lord Howe moves it by half an hour.
  const change = viewer.since.find((since) => since > moment && since <= rounded)
  return change === undefined ? rounded : roundUp(change, grain, viewer)
}

/** A busy time with the buffers that keep a new session away from it. */
export function widened(rules: CalendarRules, busy: BusyTime): Interval {
  const { bufferBeforeMinutes: before, bufferAfterMinutes: after } = rules
  const isOurs = busy.kind === 'booking'
  const ownBefore = isOurs ? (busy.bufferBeforeMinutes ?? before) : 0
  const ownAfter = isOurs ? (busy.bufferAfterMinutes ?? after) : 0
  return [
    busy.start.getTime() - (ownBefore + after) * minuteMs,
    busy.end.getTime() + (ownAfter + before) * minuteMs,
  ]
}

/** The host's days that have their maximum of bookings. */
export function fullDays(rules: CalendarRules, host: ZoneClock, busy: BusyTime[]): Interval[] {
  const { maximumPerDay } = rules
  if (maximumPerDay === undefined || maximumPerDay === null) return []
  const counts = new Map<number, number>()
  for (const { kind, start } of busy) {
    if (kind !== 'booking') continue
    const day = dayAt(host, start.getTime())
    counts.set(day, (counts.get(day) ?? 0) + 1)
  }
  return [...counts]
    .filter(([, count]) => count >= maximumPerDay)
    .map(([day]) => [momentOf(host, day * dayMs, 'start'), momentOf(host, (day + 1) * dayMs, 'end')])
}

/** Starts lie before this: the midnight after the last day of the horizon on the viewer's calendar. */
export function endOfHorizon(rules: CalendarRules, viewer: ZoneClock, now: number): number {
  const { horizonDays } = rules
  if (horizonDays === undefined || horizonDays === null) return Infinity
  return momentOf(viewer, (dayAt(viewer, now) + horizonDays + 1) * dayMs, 'end')
}

function withoutReserved(
  starts: number[],
  rules: CalendarRules,
  reservations: Reservation[],
  now: number,
): number[] {
  const reserved = merge(
    reservations
      .filter(({ owner, releaseAt }) => owner === 'other' && releaseAt.getTime() > now)
      .map(({ start, end }): Interval => [start.getTime(), end.getTime()]),
  )
  const length = lengthMs(rules)
  let index = 0
  return starts.filter((start) => {
    while (index < reserved.length && reserved[index]![1] <= start) index++
    return index === reserved.length || reserved[index]![0] >= start + length
  })
}

export function lengthMs(rules: CalendarRules): number {
  return Math.max(1, rules.eventMinutes) * minuteMs
}

function ceilTo(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit
}
