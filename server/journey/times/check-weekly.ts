// What is wrong with the hours that a host typed, in words that help to correct them.
import { Temporal } from 'temporal-polyfill'
import { minutesOf, type DateOverride, type WeeklyWindow } from './weekly-hours.ts'

const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** Problems as whole sentences, in the order of the input. No problem means that the hours can be used. */
export function checkWeekly(hours: {
  timeZone: string
  weekly: WeeklyWindow[]
  dateOverrides?: DateOverride[]
}): string[] {
  const problems: string[] = []
  if (!isZone(hours.timeZone)) {
    problems.push(
      `We don't know the time zone "${hours.timeZone}". Choose one from the list, such as Australia/Sydney.`,
    )
  }
  for (const window of hours.weekly) {
    if (window.days.length === 0)
      problems.push(`Choose at least one day for the hours from ${window.start} to ${window.end}.`)
    for (const day of window.days) {
      if (!dayNames[day]) problems.push(`Day ${day} is not a day of the week; 0 is Sunday and 6 is Saturday.`)
    }
    const days = window.days.flatMap((day) => dayNames[day] ?? [])
    problems.push(...problemsOf(window, days.length > 0 ? days.join(', ') : 'your weekly hours'))
  }
  const seen = new Set<string>()
  for (const { date, windows } of hours.dateOverrides ?? []) {
    if (!isDate(date))
      problems.push(`"${date}" is not a date. Write it as year, month and day, such as 2027-02-28.`)
    if (seen.has(date)) problems.push(`${date} is listed twice. Put all of its hours in one place.`)
    seen.add(date)
    for (const window of windows) problems.push(...problemsOf(window, date))
  }
  return problems
}

function problemsOf({ start, end }: { start: string; end: string }, where: string): string[] {
  const bad = [start, end].filter((time) => minutesOf(time) === undefined)
  if (bad.length > 0) {
    return bad.map(
      (time) => `"${time}" is not a time of day (${where}). Write hours and minutes, such as 08:30.`,
    )
  }
  if (start === '24:00')
    return [`Hours cannot start at 24:00 (${where}). Start them at 00:00 on the day after.`]
  if (start === end) {
    return [
      `The hours from ${start} to ${end} are empty (${where}). For the whole day, write 00:00 to 24:00.`,
    ]
  }
  return []
}

function isZone(timeZone: string): boolean {
  // Temporal takes '+10:00' for a zone, but it has no daylight saving time, so it is never what a host means.
  if (!/^[A-Za-z]/.test(timeZone)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function isDate(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}
