// When somebody is busy, by their calendar's text (RFC 5545): events with their recurrences and exceptions, and
// free-busy periods. The library knows the format; which clock a time is on is decided here.
import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'
import { CalendarUnreadable } from './icalendar.ts'

export type BusySpan = { start: Date; end: Date }
export type Window = { from: Date; to: Date; /** For times that name no zone, and for whole days. */ timeZone: string }

/** A calendar cannot keep us busy for ever: a rule of a daily event since 1980 has this many, one by the second far more. */
const mostOccurrences = 20_000
const mostSpans = 10_000

/** Throws CalendarUnreadable where the text is no calendar. An entry that makes no sense is left out. */
export function busyTimesIn(text: string, window: Window): BusySpan[] {
  const calendars = parse(text)
  const spans: BusySpan[] = []
  const budget = { left: mostOccurrences }
  const add = (start: Date, end: Date) => {
    if (start < end && end > window.from && start < window.to && spans.length < mostSpans) spans.push({ start, end })
  }
  for (const calendar of calendars) {
    for (const component of calendar.getAllSubcomponents('vevent')) {
      tolerate(() => {
        for (const { start, end } of spansOf(component, window, budget)) add(start, end)
      })
    }
    for (const component of calendar.getAllSubcomponents('vfreebusy')) {
      for (const property of component.getAllProperties('freebusy')) {
        tolerate(() => {
          if (property.getParameter('fbtype') === 'FREE') return
          for (const period of property.getValues()) {
            if (period instanceof ICAL.Period) add(momentOf(period.start, undefined, window), momentOf(period.getEnd(), undefined, window))
          }
        })
      }
    }
  }
  return spans
}

function parse(text: string): ICAL.Component[] {
  try {
    const parsed: unknown = ICAL.parse(text)
    const all = Array.isArray(parsed) && Array.isArray(parsed[0]) ? parsed : [parsed]
    return all.map((one) => new ICAL.Component(one as ConstructorParameters<typeof ICAL.Component>[0]))
  } catch (cause) {
    throw new CalendarUnreadable('What is at this address cannot be read as a calendar.', cause)
  }
}

/** One entry that is written wrongly does not take the others with it. */
function tolerate(act: () => void): void {
  try {
    act()
  } catch {
    return
  }
}

function* spansOf(component: ICAL.Component, window: Window, budget: { left: number }): Generator<BusySpan> {
  const event = new ICAL.Event(component)
  const zoneName = zoneOf(component)
  // An exception is busy at its own time; the series leaves out the time that it stands for.
  if (event.isRecurrenceException() || !event.isRecurring()) {
    if (isBusy(component)) yield { start: momentOf(event.startDate, zoneName, window), end: momentOf(event.endDate, zoneName, window) }
    return
  }
  const until = window.to.getTime()
  const occurrences = event.iterator()
  for (let occurrence = occurrences.next(); occurrence && budget.left > 0; occurrence = occurrences.next()) {
    budget.left -= 1
    const start = momentOf(occurrence, zoneName, window)
    if (start.getTime() >= until) return
    const details = event.getOccurrenceDetails(occurrence)
    if (details.item !== event && !details.item.modifiesFuture()) continue
    if (!isBusy(details.item.component)) continue
    yield { start: momentOf(details.startDate, zoneName, window), end: momentOf(details.endDate, zoneName, window) }
  }
}

function isBusy(component: ICAL.Component): boolean {
  const value = (name: string) => String(component.getFirstPropertyValue(name) ?? '').toUpperCase()
  return value('status') !== 'CANCELLED' && value('transp') !== 'TRANSPARENT' && value('x-microsoft-cdo-busystatus') !== 'FREE'
}

/** The zone that the start names, if we know it by itself; its rules are newer than those sent along. */
function zoneOf(component: ICAL.Component): string | undefined {
  const named = component.getFirstProperty('dtstart')?.getParameter('tzid')
  const name = String(Array.isArray(named) ? named[0] : (named ?? '')).replace(/^\/.*?\/(?=[A-Z])/, '')
  return isZone(name) ? name : undefined
}

function momentOf(time: ICAL.Time, zoneName: string | undefined, window: Window): Date {
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
