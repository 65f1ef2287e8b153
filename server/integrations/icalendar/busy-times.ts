// When somebody is busy, by their calendar: events with their recurrences and changes, and free-busy
// periods. An entry that cannot be read never loses another, and the host is told of each.
import { CalendarUnreadable } from './address.ts'
import { type Component, readComponents, textOf, valueOf } from './content-lines.ts'
import { EntryUnreadable, type Places, readEntry, titleOf } from './entry.ts'
import { addOnce, type Reading, readPeriods, readSeries, type Span } from './series.ts'
import { openZones, zoneNamed } from './zones.ts'

export type Window = {
  /** Milliseconds. */
  from: number
  to: number
  /** For whole days, and for times that name no zone where the calendar names none. */
  timeZone: string
}

export type CalendarReading = {
  /** Start and end in milliseconds, in no order and not merged. */
  busy: Span[]
  /** At most `maxSkipped` of them. */
  skipped: { title: string; reason: string }[]
  skippedCount: number
}

const maxSpans = 200_000
const maxSkipped = 50

/** Throws CalendarUnreadable where the bytes are no calendar. */
export function busyTimesIn(bytes: Uint8Array, window: Window): CalendarReading {
  const { root, unclosed } = readComponents(textOf(bytes))
  const calendars = root.children.filter(({ name }) => name === 'VCALENDAR')
  if (calendars.length === 0)
    throw new CalendarUnreadable('This is no calendar. It should be an iCalendar (.ics) link or file.')
  // Cut off on its way: what is missing may be busy.
  const hasEntries = calendars.some(({ children }) => children.length > 0)
  if (unclosed.some((name) => name !== 'VCALENDAR') || (unclosed.length > 0 && !hasEntries))
    throw new CalendarUnreadable('This calendar cannot be read: it stops in the middle.')
  const found: CalendarReading = { busy: [], skipped: [], skippedCount: 0 }
  const skip = (title: string, reason: string) => {
    found.skippedCount += 1
    if (found.skipped.length < maxSkipped) found.skipped.push({ title, reason })
  }
  const zones = openZones(calendars)
  const wholeDays = zoneNamed(window.timeZone) ?? ((wall) => wall)
  for (const calendar of calendars) {
    const floating = zones(valueOf(calendar, 'X-WR-TIMEZONE')) ?? wholeDays
    readOne(calendar, {
      from: window.from,
      to: window.to,
      places: { zones, floating, wholeDays },
      owner: ownerOf(calendar),
      skip: (component, reason) => skip(titleOf(component), reason),
      addSpan: ([start, end]) => {
        if (!(start < end && end > window.from && start < window.to)) return
        if (found.busy.length >= maxSpans)
          throw new CalendarUnreadable('This calendar has more entries than can be read.')
        found.busy.push([start, end])
      },
    })
  }
  if (unclosed.length > 0) skip('The end of the calendar', 'It has none, so that something may be missing.')
  return found
}

/** Google names a person's own calendar by their address. */
function ownerOf(calendar: Component): string {
  const name = valueOf(calendar, 'X-WR-CALNAME').toLowerCase()
  return /^[^\s@]+@\S+$/.test(name) ? name : ''
}

function readOne(calendar: Component, reading: Reading): void {
  const events = calendar.children.filter(({ name }) => name === 'VEVENT')
  const isOverride = (event: Component) => event.properties.some(({ name }) => name === 'RECURRENCE-ID')
  const overrides = Map.groupBy(events.filter(isOverride), (event) => valueOf(event, 'UID'))
  const masters = events.filter((event) => !isOverride(event))
  for (const event of masters) {
    alone(event, reading, () => {
      const uid = valueOf(event, 'UID')
      const own = uid === '' ? [] : (overrides.get(uid) ?? [])
      overrides.delete(uid)
      if (own.length === 0 && !event.properties.some(({ name }) => repeating.includes(name)))
        addOnce(event, readEntry(event, reading.places), reading)
      else readSeries(event, own, reading)
    })
  }
  // Somebody invited to some occurrences only has no series.
  for (const event of [...overrides.values()].flat())
    alone(event, reading, () => addOnce(event, readEntry(event, reading.places), reading))
  for (const component of calendar.children)
    if (component.name === 'VFREEBUSY') readFreeBusy(component, reading.places, reading)
}

const repeating = ['RRULE', 'RDATE']

function alone(event: Component, reading: Reading, act: () => void): void {
  try {
    act()
  } catch (error) {
    if (error instanceof CalendarUnreadable) throw error
    const reason = error instanceof Error ? error.message : String(error)
    reading.skip(
      event,
      error instanceof EntryUnreadable ? reason : `It cannot be read (${reason.slice(0, 80)}).`,
    )
  }
}

function readFreeBusy(component: Component, places: Places, reading: Reading): void {
  for (const property of component.properties) {
    if (property.name !== 'FREEBUSY' || property.parameters.get('FBTYPE')?.toUpperCase() === 'FREE') continue
    for (const span of readPeriods(property, places, places.floating)) reading.addSpan(span)
  }
}
