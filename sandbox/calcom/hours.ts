// From weekly hours to moments, and from moments to free starts. Times are in milliseconds since the epoch.
import { Temporal } from 'temporal-polyfill'
import { minuteMs } from '../core/durations.ts'
import { weekdays } from './account.ts'
import type { Schedule } from './account.ts'

export type Span = { startMs: number; endMs: number }

/** The open spans of the schedule between two moments, correct across daylight saving changes. */
export function openSpans(schedule: Schedule, fromMs: number, toMs: number): Span[] {
  const zone = schedule.timeZone
  const dateAt = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate()
  const last = dateAt(toMs).add({ days: 1 })
  const spans: Span[] = []
  for (
    let date = dateAt(fromMs).subtract({ days: 1 });
    Temporal.PlainDate.compare(date, last) <= 0;
    date = date.add({ days: 1 })
  ) {
    const overrides = schedule.overrides.filter((override) => override.date === date.toString())
    const today = weekdays[date.dayOfWeek % 7] ?? ''
    const hours =
      overrides.length > 0 ? overrides : schedule.availability.filter(({ days }) => days.includes(today))
    for (const { startTime, endTime } of hours) {
      const startMs = moment(date, startTime, zone)
      // Cal.com's 23:59 means the end of the day.
      const endMs =
        endTime === '23:59' || endTime === '24:00'
          ? moment(date.add({ days: 1 }), '00:00', zone)
          : moment(date, endTime, zone)
      if (endMs > startMs && endMs > fromMs && startMs < toMs) spans.push({ startMs, endMs })
    }
  }
  return joined(spans)
}

function moment(date: Temporal.PlainDate, time: string, zone: string): number {
  return date.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds
}

/** Sorts the spans and merges those that overlap or touch. */
function joined(spans: Span[]): Span[] {
  const result: Span[] = []
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const before = result.at(-1)
    if (before && span.startMs <= before.endMs) before.endMs = Math.max(before.endMs, span.endMs)
    else result.push({ ...span })
  }
  return result
}

/** What is left of `spans` when `busy` is taken out. */
export function without(spans: Span[], busy: Span[]): Span[] {
  let left = spans
  for (const { startMs, endMs } of busy) {
    left = left.flatMap((span) => {
      if (endMs <= span.startMs || startMs >= span.endMs) return [span]
      return [
        { startMs: span.startMs, endMs: startMs },
        { startMs: endMs, endMs: span.endMs },
      ].filter((part) => part.endMs > part.startMs)
    })
  }
  return left
}

export const covers = (spans: Span[], startMs: number, endMs: number) =>
  spans.some((span) => span.startMs <= startMs && span.endMs >= endMs)

/** The starts Cal.com offers in the free spans: on round minutes of the host's clock, one interval apart. */
export function starts(
  free: Span[],
  lengthMinutes: number,
  intervalMinutes: number,
  zone: string,
  earliestMs: number,
  latestMs: number,
): number[] {
  const grid = [60, 30, 20, 15, 10, 5].find((minutes) => intervalMinutes % minutes === 0) ?? 1
  const result: number[] = []
  for (const span of free) {
    let at = rounded(Math.max(span.startMs, earliestMs), grid, zone)
    for (; at + lengthMinutes * minuteMs <= span.endMs && at <= latestMs; at += intervalMinutes * minuteMs)
      result.push(at)
  }
  return result
}

function rounded(ms: number, gridMinutes: number, zone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
  const intoMs = (local.minute * 60 + local.second) * 1000 + local.millisecond
  const overMs = intoMs % (gridMinutes * minuteMs)
  return overMs === 0 ? ms : ms + gridMinutes * minuteMs - overMs
}
