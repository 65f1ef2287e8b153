// When somebody is busy, by their calendar's text (RFC 5545): events with their recurrences and exceptions,
// and free-busy periods.
import ICAL from 'ical.js'
import { CalendarUnreadable } from './icalendar-address.ts'
import { momentOf, type Window, zoneOf } from './icalendar-times.ts'

export type BusySpan = { start: Date; end: Date }
/** Limits the work for one calendar. Eighty daily events have this many occurrences in a year. */
const maxOccurrences = 30_000
const tooMany = 'This calendar has more repeated entries than can be read.'
const maxSpans = 10_000
const dayMs = 86_400_000

/** Skips malformed entries. Throws CalendarUnreadable where the text is no calendar. */
export function busyTimesIn(text: string, window: Window): BusySpan[] {
  const calendars = parse(text)
  const spans: BusySpan[] = []
  const occurrences = { left: maxOccurrences }
  const add = (start: Date, end: Date) => {
    if (start < end && end > window.from && start < window.to && spans.length < maxSpans)
      spans.push({ start, end })
  }
  for (const calendar of calendars) {
    const events = calendar.getAllSubcomponents('vevent')
    const exceptions = Map.groupBy(
      events.filter((event) => event.hasProperty('recurrence-id')),
      uidOf,
    )
    for (const component of events) {
      skipIfMalformed(() => {
        for (const { start, end } of spansOf(
          component,
          exceptions.get(uidOf(component)) ?? [],
          window,
          occurrences,
        ))
          add(start, end)
      })
    }
    for (const component of calendar.getAllSubcomponents('vfreebusy')) {
      for (const property of component.getAllProperties('freebusy')) {
        skipIfMalformed(() => {
          if (property.getParameter('fbtype') === 'FREE') return
          for (const period of property.getValues()) {
            if (period instanceof ICAL.Period)
              add(momentOf(period.start, undefined, window), momentOf(period.getEnd(), undefined, window))
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

/** Skips a malformed entry, so that the others still count. */
function skipIfMalformed(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (error instanceof CalendarUnreadable) throw error
  }
}

const uidOf = (component: ICAL.Component) => String(component.getFirstPropertyValue('uid') ?? '')

function* spansOf(
  component: ICAL.Component,
  exceptions: ICAL.Component[],
  window: Window,
  remaining: { left: number },
): Generator<BusySpan> {
  // The exceptions are named here, since the library would use those of other series too.
  const event = new ICAL.Event(component, {
    exceptions: component.hasProperty('recurrence-id') ? [] : exceptions,
  })
  const zoneName = zoneOf(component)
  // An exception is busy at its own time, and the series skips the time that it replaces.
  if (event.isRecurrenceException() || !event.isRecurring()) {
    if (isBusy(component))
      yield {
        start: momentOf(event.startDate, zoneName, window),
        end: momentOf(event.endDate, zoneName, window),
      }
    return
  }
  const until = window.to.getTime()
  const occurrences = event.iterator(nearWindow(event, zoneName, window))
  for (let occurrence = occurrences.next(); occurrence; occurrence = occurrences.next()) {
    if ((remaining.left -= 1) < 0) throw new CalendarUnreadable(tooMany)
    const start = momentOf(occurrence, zoneName, window)
    if (start.getTime() >= until) return
    const details = event.getOccurrenceDetails(occurrence)
    if (details.item !== event && !details.item.modifiesFuture()) continue
    if (!isBusy(details.item.component)) continue
    yield {
      start: momentOf(details.startDate, zoneName, window),
      end: momentOf(details.endDate, zoneName, window),
    }
  }
}

/**
 * Where to begin counting. An old series of days or weeks is started again shortly before the window, at one
 * of its own times. The rule may not contain that first time, but it ends before the window.
 */
function nearWindow(event: ICAL.Event, zoneName: string | undefined, window: Window): ICAL.Time {
  const start = event.startDate
  const [rule, another] = event.component
    .getAllProperties('rrule')
    .map((property) => property.getFirstValue())
  if (
    !(rule instanceof ICAL.Recur) ||
    another ||
    rule.count ||
    rule.freq === 'MONTHLY' ||
    rule.freq === 'YEARLY'
  )
    return start
  const periodDays = 7 * rule.interval
  const latest = window.from.getTime() - event.duration.toSeconds() * 1000 - 2 * dayMs
  const periods = Math.floor((latest - momentOf(start, zoneName, window).getTime()) / (periodDays * dayMs))
  if (periods < 1) return start
  const near = start.clone()
  near.adjust(periods * periodDays, 0, 0, 0)
  return near
}

function isBusy(component: ICAL.Component): boolean {
  const value = (name: string) => String(component.getFirstPropertyValue(name) ?? '').toUpperCase()
  return (
    value('status') !== 'CANCELLED' &&
    value('transp') !== 'TRANSPARENT' &&
    value('x-microsoft-cdo-busystatus') !== 'FREE'
  )
}
