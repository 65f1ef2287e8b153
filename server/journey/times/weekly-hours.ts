// A host's hours as they are written, on the host's own wall clock, and as moments.
import { merge, type Interval } from './intervals.ts'
import { dayAt, momentOf, type ZoneClock } from './zone-clock.ts'

/**
 * Day 0 is Sunday, times are 'HH:MM'. An end of '24:00' is the midnight that follows; an end before the start
 * is on the next day.
 */
export type WeeklyWindow = { days: number[]; start: string; end: string }
/** Replaces the weekly hours of its date ('YYYY-MM-DD'). Without windows the day is closed. */
export type DateOverride = { date: string; windows: { start: string; end: string }[] }
export type OpeningHours = { weekly: WeeklyWindow[]; dateOverrides: DateOverride[] }

const dayMs = 86_400_000
const minuteMs = 60_000
const minutesADay = 1440

/** Minutes after midnight of 'HH:MM', also of '24:00'; undefined where it is not a time of day. */
export function minutesOf(time: string): number | undefined {
  const match = /^(\d\d):(\d\d)$/.exec(time)
  if (!match) return undefined
  const minutes = Number(match[1]) * 60 + Number(match[2])
  return Number(match[2]) < 60 && minutes <= minutesADay ? minutes : undefined
}

/** Minutes from midnight of the day it starts on; over 1440 where it crosses midnight. */
function span({ start, end }: { start: string; end: string }): Interval {
  const from = minutesOf(start)
  // Cal.com writes 23:59 for 24:00.
  const until = end === '23:59' ? minutesADay : minutesOf(end)
  if (from === undefined || until === undefined)
    throw new RangeError(`not hours of a day: ${start} to ${end}`)
  return [from, until < from ? until + minutesADay : until]
}

function dayNumber(date: string): number {
  const day = Date.parse(`${date}T00:00:00Z`) / dayMs
  if (!Number.isInteger(day)) throw new RangeError(`not a date: ${date}`)
  return day
}

/**
 * When the host is open, as merged moments that cover at least `from` to `to`. Hours that cross midnight
 * belong to the day they start on; a closed day also ends the hours of the night before at its midnight.
 */
export function openIntervals(hours: OpeningHours, clock: ZoneClock, from: number, to: number): Interval[] {
  const byWeekday: Interval[][] = [[], [], [], [], [], [], []]
  for (const window of hours.weekly) for (const day of window.days) byWeekday[day]?.push(span(window))
  const byDate = new Map<number, Interval[]>()
  for (const { date, windows } of hours.dateOverrides) {
    const day = dayNumber(date)
    // Cal.com writes a closed day as a window from 00:00 to 00:00.
    byDate.set(day, [...(byDate.get(day) ?? []), ...windows.map(span).filter(([start, end]) => start < end)])
  }
  const open: Interval[] = []
  for (let day = dayAt(clock, from) - 1; day <= dayAt(clock, to); day++) {
    const latest = byDate.get(day + 1)?.length === 0 ? minutesADay : Infinity
    for (const [start, end] of byDate.get(day) ?? byWeekday[(((day + 4) % 7) + 7) % 7]!) {
      const midnight = day * dayMs
      open.push([
        momentOf(clock, midnight + start * minuteMs, 'start'),
        momentOf(clock, midnight + Math.min(end, latest) * minuteMs, 'end'),
      ])
    }
  }
  return merge(open)
}
