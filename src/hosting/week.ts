// Converts a host's weekly hours between the form edited (a list of windows per day) and
// the form stored (grouped by equal windows).
import type { Hours } from '../../server/journey/times/hours-view.ts'

export type Window = { start: string; end: string }
/** Index 0 is Sunday. */
export type Week = Window[][]

export function toWeek(weekly: Hours['weekly']): Week {
  return Array.from({ length: 7 }, (_, day) =>
    weekly
      .filter((entry) => entry.days.includes(day))
      .map(({ start, end }) => ({ start, end }))
      .sort((a, b) => a.start.localeCompare(b.start)),
  )
}

export function fromWeek(week: Week): Hours['weekly'] {
  const grouped = new Map<string, Hours['weekly'][number]>()
  week.forEach((windows, day) => {
    for (const { start, end } of windows) {
      const key = `${start}-${end}`
      const entry = grouped.get(key) ?? { days: [], start, end }
      entry.days.push(day)
      grouped.set(key, entry)
    }
  })
  return [...grouped.values()]
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
const endOf = ({ start, end }: Window) =>
  minutesOf(end) < minutesOf(start) ? minutesOf(end) + 1440 : minutesOf(end)

/** Whether a window ends on the next day. */
export function crossesMidnight({ start, end }: Window): boolean {
  return minutesOf(end) < minutesOf(start) && end !== '00:00'
}

/** The problem of one day's windows as a sentence; undefined when there is none. */
export function dayProblem(windows: Window[]): string | undefined {
  if (windows.some(({ start, end }) => start === end)) return 'These hours are empty. Choose a later end.'
  const sorted = [...windows].sort((a, b) => minutesOf(a.start) - minutesOf(b.start))
  const overlaps = sorted.some(
    (window, index) => index > 0 && minutesOf(window.start) < endOf(sorted[index - 1]!),
  )
  return overlaps ? 'These times overlap.' : undefined
}

/** The window to add next: after the last one, or in the morning. */
export function nextWindow(windows: Window[]): Window {
  const last = windows
    .map((window) => window.end)
    .sort()
    .at(-1)
  if (!last) return { start: '09:00', end: '12:00' }
  const hour = Math.min(22, Number(last.slice(0, 2)) + 1)
  const two = (number: number) => String(number).padStart(2, '0')
  return { start: `${two(hour)}:00`, end: `${two(Math.min(24, hour + 2))}:00` }
}
