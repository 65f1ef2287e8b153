// Which clock a time in a calendar is on.
import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'

export type Window = {
  from: Date
  to: Date
  /** For times that name no zone, and for whole days. */ timeZone: string
}

/** The zone that the start names, if we know it by itself; its rules are newer than those sent along. */
export function zoneOf(component: ICAL.Component): string | undefined {
  const named = component.getFirstProperty('dtstart')?.getParameter('tzid')
  const name = String(Array.isArray(named) ? named[0] : (named ?? '')).replace(/^\/.*?\/(?=[A-Z])/, '')
  return isZone(name) ? name : undefined
}

export function momentOf(time: ICAL.Time, zoneName: string | undefined, window: Window): Date {
  const isOnOwnClock = !time.isDate && time.zone === ICAL.Timezone.utcTimezone
  const isBySentRules = !time.isDate && !zoneName && time.zone !== ICAL.Timezone.localTimezone
  if (isOnOwnClock || isBySentRules) return new Date(time.toUnixTime() * 1000)
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
