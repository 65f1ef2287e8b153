// The moment that a time in a calendar means: in UTC, in a named zone, or in the host's own zone.
import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'

export type Window = {
  from: Date
  to: Date
  /** For times that name no zone, and for whole days. */
  timeZone: string
}

/** The zone that the start names, if we know it: our rules are newer than those in the calendar. */
export function zoneOf(component: ICAL.Component): string | undefined {
  const named = component.getFirstProperty('dtstart')?.getParameter('tzid')
  const name = String(Array.isArray(named) ? named[0] : (named ?? '')).replace(/^\/.*?\/(?=[A-Z])/, '')
  return isZone(name) ? name : undefined
}

export function momentOf(time: ICAL.Time, zoneName: string | undefined, window: Window): Date {
  const isUtc = !time.isDate && time.zone === ICAL.Timezone.utcTimezone
  const hasRulesInCalendar = !time.isDate && !zoneName && time.zone !== ICAL.Timezone.localTimezone
  if (isUtc || hasRulesInCalendar) return new Date(time.toUnixTime() * 1000)
  const { year, month, day } = time
  const clock = time.isDate ? {} : { hour: time.hour, minute: time.minute, second: Math.min(59, time.second) }
  const zone = time.isDate ? window.timeZone : (zoneName ?? window.timeZone)
  const zoned = Temporal.PlainDateTime.from({ year, month, day, ...clock }).toZonedDateTime(zone)
  return new Date(zoned.epochMilliseconds)
}

function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}
