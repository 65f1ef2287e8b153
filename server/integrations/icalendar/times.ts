// Dates, times, durations and periods as they stand in calendars, also in forms that the format does not
// know.

/** A wall clock as if it were UTC, in milliseconds. */
export type Wall = number
/** The moment at which clocks there show `wall`. */
export type Zone = (wall: Wall) => number

/**
 * `wall`: the clock as if it were UTC, in milliseconds. `offset`: the moment is certain, and that many
 * milliseconds before it (0 for UTC). A date has neither clock nor zone.
 */
export type Time = { wall: Wall; isDate: boolean; offset?: number }

const form =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ]\s*(\d\d):?(\d\d):?(\d\d)?(?:\.\d+)?\s*(?:(Z)|([+-])(\d\d):?(\d\d))?)?$/i

/** Undefined where it is no time: a month of 13, an hour of 25, or other text. */
export function readTime(text: string): Time | undefined {
  const match = form.exec(text.trim())
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const isDate = match[4] === undefined
  const midnight = Date.UTC(2000, month - 1, day)
  const date = new Date(midnight)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  // 24:00 is the end of the day, and a leap second the second before it.
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && minute + second > 0)) return undefined
  const wall = date.getTime() + ((hour * 60 + minute) * 60 + Math.min(59, second)) * 1000
  if (match[7]) return { wall, isDate, offset: 0 }
  if (!match[8]) return { wall, isDate }
  const offset = (match[8] === '-' ? -1 : 1) * (Number(match[9]) * 60 + Number(match[10])) * 60_000
  return { wall, isDate, offset }
}

/** A duration: whole days are days of the calendar, the rest is exact. */
export type Duration = { days: number; milliseconds: number }

export function readDuration(text: string): Duration | undefined {
  const match = /^([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(text.trim())
  if (!match || match[1] === '-' || match.slice(2).every((part) => part === undefined)) return undefined
  const [weeks, days, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return { days: weeks * 7 + days, milliseconds: ((hours * 60 + minutes) * 60 + seconds) * 1000 }
}
