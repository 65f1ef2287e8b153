// A host's free times, grouped into days and parts of the day in the zone shown.
import { dayKey, hourIn } from '../words/format.ts'
import { hourMs } from '../words/clock.ts'

export type PartOfDay = 'Night' | 'Morning' | 'Afternoon' | 'Evening'

function partOfDay(at: string, timeZone: string): PartOfDay {
  const hour = hourIn(at, timeZone)
  if (hour < 6) return 'Night'
  if (hour < 12) return 'Morning'
  return hour < 18 ? 'Afternoon' : 'Evening'
}

/** The starts in `month` by day (YYYY-MM-DD in the zone), earliest first, without those past the validity. */
export function byDay(
  starts: string[],
  timeZone: string,
  validUntil: Date,
  month: Date,
): Map<string, string[]> {
  const usable = starts
    .filter((start) => Date.parse(start) < validUntil.getTime())
    .sort((a, b) => Date.parse(a) - Date.parse(b))
  const days = Map.groupBy(usable, (start) => dayKey(start, timeZone))
  // More than the month was requested, so that it is complete in every zone.
  const ofMonth = keyOf(month).slice(0, 7)
  return new Map([...days].filter(([key]) => key.startsWith(ofMonth)))
}

export function byPart(starts: string[], timeZone: string): Map<PartOfDay, string[]> {
  return Map.groupBy(starts, (start) => partOfDay(start, timeZone))
}

/** A calendar's cell is a day without a zone: the browser's local midnight of that date. */
export function cellOf(key: string): Date {
  const [year = 1970, month = 1, date = 1] = key.split('-').map(Number)
  return new Date(year, month - 1, date)
}

export function keyOf(cell: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${cell.getFullYear()}-${two(cell.getMonth() + 1)}-${two(cell.getDate())}`
}

const widestOffsetMs = 14 * hourMs

/** The range to request, so that every day of `month` is covered in any zone; null when all of it is over. */
export function monthWindow(month: Date, now: Date, validUntil: Date): { from: Date; to: Date } | null {
  const first = Date.UTC(month.getFullYear(), month.getMonth(), 1) - widestOffsetMs
  const last = Date.UTC(month.getFullYear(), month.getMonth() + 1, 1) + widestOffsetMs
  const from = new Date(Math.max(first, now.getTime()))
  const to = new Date(Math.min(last, validUntil.getTime()))
  return from < to ? { from, to } : null
}
