// The only source of "now". SQL takes the time as a parameter and never asks the database, so that one
// movable offset (CLOCK=movable, never in production) moves everything. The offset itself lives in the
// database; see db/clock.ts.

let offsetMs = 0

/** The current moment, moved by the clock's offset. */
export function now(): Date {
  return new Date(Date.now() + offsetMs)
}

export function clockOffsetMs(): number {
  return offsetMs
}

/** Called by db/clock.ts alone, when the stored offset was read or has changed. */
export function setClockOffset(milliseconds: number): void {
  offsetMs = milliseconds
}

/** The real time at which the moved clock shows `moment`, for schedulers that count in real time. */
export function toRealTime(moment: Date): Date {
  return new Date(moment.getTime() - offsetMs)
}

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

export function addMinutes(moment: Date, minutes: number): Date {
  return new Date(moment.getTime() + minutes * minuteMs)
}

export function addHours(moment: Date, hours: number): Date {
  return new Date(moment.getTime() + hours * hourMs)
}

export function addDays(moment: Date, days: number): Date {
  return new Date(moment.getTime() + days * dayMs)
}
