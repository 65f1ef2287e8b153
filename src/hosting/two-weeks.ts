// The next two weeks of a host: for each day when they are open, and what their other calendars make busy. In
// minutes of the wall clock of their zone, as the hours are written.
import type { Hours } from '../../server/journey/times/hours-view.ts'
import type { ImportedCalendar } from '../../server/journey/times/imported-calendars-view.ts'
import { dayMs } from '../words/clock.ts'
import { dayKey, hourIn, minuteIn } from '../words/format.ts'

const shownDays = 14
const minutesADay = 1440

export type Span = { from: number; to: number }
export type Busy = Span & { calendar: ImportedCalendar; start: string; end: string }
export type ShownDay = { key: string; open: Span[]; busy: Busy[] }

type Opening = Pick<Hours, 'weekly' | 'dateOverrides'>

const nextKey = (key: string, days: number) =>
  new Date(Date.parse(`${key}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  // Cal.com writes 23:59 for the midnight that follows.
  return time === '23:59' ? minutesADay : hours * 60 + minutes
}

/** The windows that start on this day; an end before the start is on the next one. */
function windowsOf(key: string, { weekly, dateOverrides }: Opening): Span[] {
  const override = dateOverrides.filter(({ date }) => date === key)
  const weekday = new Date(`${key}T00:00:00Z`).getUTCDay()
  const windows =
    override.length > 0
      ? override.flatMap((one) => one.windows)
      : weekly.filter(({ days }) => days.includes(weekday))
  return windows.map(({ start, end }) => {
    const [from, to] = [minutesOf(start), minutesOf(end)]
    return { from, to: to < from ? to + minutesADay : to }
  })
}

export function twoWeeks(
  hours: Opening,
  calendars: readonly ImportedCalendar[],
  timeZone: string,
  now: Date,
): ShownDay[] {
  const today = dayKey(now, timeZone)
  const keys = Array.from({ length: shownDays }, (_, index) => nextKey(today, index))
  const busy = new Map<string, Busy[]>(keys.map((key) => [key, []]))
  for (const calendar of calendars)
    for (const { start, end } of calendar.soon) {
      const [first, last] = [dayKey(start, timeZone), dayKey(end, timeZone)]
      for (const key of keys) {
        if (key < first || key > last) continue
        const from = key === first ? minuteOfDay(start, timeZone) : 0
        const to = key === last ? minuteOfDay(end, timeZone) : minutesADay
        if (from < to) busy.get(key)!.push({ from, to, calendar, start, end })
      }
    }
  return keys.map((key) => {
    const nightBefore = windowsOf(nextKey(key, -1), hours)
      .filter(({ to }) => to > minutesADay)
      .map(({ to }) => ({ from: 0, to: to - minutesADay }))
    const own = windowsOf(key, hours).map(({ from, to }) => ({ from, to: Math.min(to, minutesADay) }))
    return {
      key,
      open: [...nightBefore, ...own].filter(({ from, to }) => from < to),
      busy: busy.get(key)!.toSorted((one, other) => one.from - other.from),
    }
  })
}

function minuteOfDay(at: string, timeZone: string): number {
  return hourIn(at, timeZone) * 60 + minuteIn(at, timeZone)
}
