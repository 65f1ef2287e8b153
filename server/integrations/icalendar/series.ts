// A series: its rule, its further and its left out times, and the occurrences that were changed (RFC 5545,
// 3.8.5).
import { type Component, type Property, valueOf } from './content-lines.ts'
import { type Entry, EntryUnreadable, isBusy, placed, type Places, readEntry } from './entry.ts'
import { expandRule, readRule, type Rule } from './rule.ts'
import { readDuration, readTime, type Wall, type Zone } from './times.ts'

/** Start and end, in milliseconds. */
export type Span = [start: number, end: number]
export type Reading = {
  from: number
  to: number
  places: Places
  /** The calendar's owner as an e-mail address, where it says so. */
  owner: string
  addSpan: (span: Span) => void
  skip: (component: Component, reason: string) => void
}

const dayMs = 86_400_000
const marginMs = 2 * dayMs

/** A time that is named in another property: the occurrence of that moment, or all of that day. */
type Name = { moment: number } | { day: Wall }
type Change = { name: Name; component: Component; entry: Entry; isFuture: boolean }

/** `overrides` are the changed occurrences with the same UID. What cannot be read is skipped and said. */
export function readSeries(master: Component, overrides: Component[], reading: Reading): void {
  const { places, owner, from, to } = reading
  const entry = readEntry(master, places)
  const { start } = entry
  const all = changes(overrides, start.zone, reading)
  const single = all.filter(({ isFuture }) => !isFuture)
  const future = all.filter(({ isFuture }) => isFuture)
  const widest = Math.max(entry.longestMs, ...future.map((change) => shiftOf(change, start.zone)))
  const range: Span = [from - widest - marginMs, to + widest + marginMs]
  const isMasterBusy = isBusy(master, owner)
  const leftOut = [...namesIn(master, 'EXDATE', start.zone, places), ...single.map(({ name }) => name)]
  const excluded = matcher(leftOut, entry)
  const walls = new Set(occurrences(master, entry, range, reading))
  for (const wall of walls) {
    const moment = start.zone(wall)
    if (excluded(wall, moment)) continue
    const change = future.findLast(({ name }) => firstMoment(name, start.zone) <= moment)
    if (!change) {
      if (isMasterBusy) reading.addSpan([moment, entry.endOf(wall)])
      continue
    }
    if (!isBusy(change.component, owner)) continue
    const named = wallAt(start.zone, firstMoment(change.name, start.zone))
    const shifted = change.entry.start.wall + (wall - named)
    reading.addSpan([change.entry.start.zone(shifted), change.entry.endOf(shifted)])
  }
  if (isMasterBusy)
    for (const period of periodsIn(master, start.zone, places))
      if (!excluded(wallAt(start.zone, period[0]), period[0])) reading.addSpan(period)
  for (const { component, entry: own } of single) addOnce(component, own, reading)
}

/** An occurrence of its own: a single entry, or a changed one. */
export function addOnce(component: Component, entry: Entry, reading: Reading): void {
  const { wall, zone } = entry.start
  if (wall > reading.to + marginMs || wall + entry.longestMs < reading.from - marginMs) return
  if (isBusy(component, reading.owner)) reading.addSpan([zone(wall), entry.endOf(wall)])
}

function* occurrences(master: Component, entry: Entry, [from, to]: Span, reading: Reading): Generator<Wall> {
  const { start } = entry
  // The first time counts, whatever the rule says.
  yield start.wall
  const excluded = new Set(
    rulesOf(master, 'EXRULE').flatMap((rule) => expandRule(rule, start.wall, from, to)),
  )
  try {
    for (const rule of rulesOf(master, 'RRULE')) {
      for (const wall of expandRule(rule, start.wall, from, to))
        if (!excluded.has(wall) && !isAfter(rule, wall, start.zone)) yield wall
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const isTooMuch = /iterations|budget|exceeded/i.test(reason)
    reading.skip(
      master,
      isTooMuch
        ? 'It repeats more often than can be read. Only its first time counts.'
        : `How it repeats cannot be read (${reason.slice(0, 80)}). Only its first time counts.`,
    )
  }
  for (const property of master.properties) {
    if (property.name !== 'RDATE' || isPeriods(property)) continue
    for (const value of listOf(property)) {
      const time = placedOrNothing(property, value, reading.places, start.zone)
      if (time) yield time.isDate === start.isDate ? wallAt(start.zone, time.zone(time.wall)) : time.wall
    }
  }
}

const rulesOf = (component: Component, name: string): Rule[] =>
  component.properties
    .filter((property) => property.name === name)
    .map(({ value }) => readRule(value))
    .filter((rule) => rule !== undefined)

/** UNTIL is inclusive: a moment, a day, or a wall clock of the series' zone. */
function isAfter({ untilTime }: Rule, wall: Wall, zone: Zone): boolean {
  if (!untilTime) return false
  if (untilTime.isDate) return wall >= untilTime.wall + dayMs
  if (untilTime.offset !== undefined) {
    const until = untilTime.wall - untilTime.offset
    return zone(wall) > until && wall > untilTime.wall
  }
  return wall > untilTime.wall
}

/** The newest version of each changed occurrence. One that cannot be read leaves the series as it is. */
function changes(overrides: Component[], zone: Zone, reading: Reading): Change[] {
  const byName = new Map<string, Change>()
  const ordered = overrides.toSorted(
    (a, b) => sequenceOf(a) - sequenceOf(b) || stampOf(a).localeCompare(stampOf(b)),
  )
  for (const component of ordered) {
    const property = component.properties.find(({ name }) => name === 'RECURRENCE-ID')!
    try {
      const name = nameOf(placed(property, property.value, reading.places, zone))
      const isOff = !isBusy(component, reading.owner)
      const entry =
        isOff && valueOf(component, 'DTSTART') === '' ? nowhere : readEntry(component, reading.places)
      const isFuture = property.parameters.get('RANGE')?.toUpperCase() === 'THISANDFUTURE'
      byName.set(JSON.stringify([name, isFuture]), { name, component, entry, isFuture })
    } catch (error) {
      if (!(error instanceof EntryUnreadable)) throw error
      reading.skip(component, error.message)
    }
  }
  return [...byName.values()].sort((a, b) => firstMoment(a.name, zone) - firstMoment(b.name, zone))
}

const sequenceOf = (component: Component) => Number.parseInt(valueOf(component, 'SEQUENCE'), 10) || 0
const stampOf = (component: Component) => valueOf(component, 'LAST-MODIFIED') || valueOf(component, 'DTSTAMP')
/** Of a cancelled occurrence without times of its own. */
const nowhere: Entry = {
  start: { wall: 0, isDate: false, zone: (wall) => wall },
  endOf: (wall) => wall,
  longestMs: 0,
}

function nameOf({ wall, isDate, zone }: { wall: Wall; isDate: boolean; zone: Zone }): Name {
  return isDate ? { day: wall } : { moment: zone(wall) }
}

function firstMoment(name: Name, zone: Zone): number {
  return 'day' in name ? zone(name.day) : name.moment
}

function shiftOf({ name, entry }: Change, zone: Zone): number {
  return Math.abs(entry.start.zone(entry.start.wall) - firstMoment(name, zone)) + entry.longestMs
}

/**
 * Whether an occurrence is among those named. A whole day may be named by any moment in it, as Exchange
 * does.
 */
function matcher(names: Name[], { start }: Entry): (wall: Wall, moment: number) => boolean {
  const moments = new Set<number>()
  const days = new Set<Wall>()
  for (const name of names) {
    if ('day' in name) days.add(name.day)
    else if (start.isDate) days.add(dayOf(wallAt(start.zone, name.moment)))
    else moments.add(name.moment)
  }
  return (wall, moment) => moments.has(moment) || days.has(dayOf(wall))
}

const dayOf = (wall: Wall) => Math.floor(wall / dayMs) * dayMs

function namesIn(component: Component, propertyName: string, zone: Zone, places: Places): Name[] {
  return component.properties
    .filter((property) => property.name === propertyName)
    .flatMap((property) =>
      listOf(property).flatMap((value) => {
        const time = placedOrNothing(property, value, places, zone)
        return time ? [nameOf(time)] : []
      }),
    )
}

function periodsIn(component: Component, zone: Zone, places: Places): Span[] {
  return component.properties
    .filter((property) => property.name === 'RDATE' && isPeriods(property))
    .flatMap((property) => readPeriods(property, places, zone))
}

/** `start/end` or `start/duration`, in a list. What is no period is left out. */
export function readPeriods(property: Property, places: Places, zone: Zone): Span[] {
  return listOf(property).flatMap((period): Span[] => {
    const [first = '', second = ''] = period.split('/')
    const start = placedOrNothing(property, first, places, zone)
    if (!start) return []
    const duration = readDuration(second)
    const end = duration ? undefined : placedOrNothing(property, second, places, zone)
    if (end) return [[start.zone(start.wall), end.zone(end.wall)]]
    if (!duration) return []
    return [[start.zone(start.wall), start.zone(start.wall + duration.days * dayMs) + duration.milliseconds]]
  })
}

const isPeriods = ({ value, parameters }: Property) =>
  parameters.get('VALUE')?.toUpperCase() === 'PERIOD' || value.includes('/')
const listOf = ({ value }: Property) => value.split(',').filter((one) => one.trim() !== '')

/** In an unknown zone or unreadable, a left out time stays in, so that no busy time is lost. */
function placedOrNothing(property: Property, value: string, places: Places, zone: Zone) {
  try {
    return readTime(value) && placed(property, value, places, zone)
  } catch (error) {
    if (error instanceof EntryUnreadable) return undefined
    throw error
  }
}

/** What a clock there shows at a moment. */
function wallAt(zone: Zone, moment: number): Wall {
  let wall = moment
  for (let tries = 0; tries < 3; tries++) wall = moment + (wall - zone(wall))
  return wall
}
