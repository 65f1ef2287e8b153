// One entry of a calendar: when it is the first time, how long, and whether it makes its owner busy.
import { type Component, type Property, valueOf } from './content-lines.ts'
import { type Duration, readDuration, readTime, type Wall, type Zone } from './times.ts'
import type { Zones } from './zones.ts'

/** The entry cannot be read. The message is a sentence for the host. */
export class EntryUnreadable extends Error {
  constructor(sentence: string) {
    super(sentence)
    this.name = 'EntryUnreadable'
  }
}

/** What times without a zone of their own mean. */
export type Places = { zones: Zones; floating: Zone; wholeDays: Zone }

/** A time and the zone that its wall clock is in. */
export type Placed = { wall: Wall; isDate: boolean; zone: Zone }

export type Entry = { start: Placed; endOf: (wall: Wall) => number; longestMs: number }

const dayMs = 86_400_000

/** Throws EntryUnreadable. */
export function readEntry(component: Component, places: Places): Entry {
  const [startProperty, endProperty] = ['DTSTART', 'DTEND'].map((name) =>
    component.properties.find((property) => property.name === name),
  )
  if (!startProperty) throw new EntryUnreadable('It has no start.')
  const start = placed(startProperty, startProperty.value, places)
  const { zone } = start
  const duration = readDuration(valueOf(component, 'DURATION'))
  if (!endProperty) {
    const { days, milliseconds }: Duration = duration ?? { days: start.isDate ? 1 : 0, milliseconds: 0 }
    return {
      start,
      endOf: (wall) => zone(wall + days * dayMs) + milliseconds,
      longestMs: days * dayMs + milliseconds,
    }
  }
  const end = placed(endProperty, endProperty.value, places)
  if (start.isDate) {
    // A last day that is the first, or before it, is written by mistake for one whole day.
    const days = Math.max(1, Math.ceil((end.wall - start.wall) / dayMs))
    return { start, endOf: (wall) => zone(wall + days * dayMs), longestMs: days * dayMs }
  }
  const lengthMs = end.zone(end.wall) - zone(start.wall)
  if (lengthMs < 0) throw new EntryUnreadable('It ends before it begins.')
  return { start, endOf: (wall) => zone(wall) + lengthMs, longestMs: lengthMs }
}

/** Reads one value of a property in its own zone. `otherwise` is the zone of times that name none. */
export function placed(
  { name, parameters }: Property,
  value: string,
  places: Places,
  otherwise: Zone = places.floating,
): Placed {
  const time = readTime(value)
  if (!time)
    throw new EntryUnreadable(
      `Its ${words[name] ?? 'time'} cannot be read: ${value.trim().slice(0, 40) || 'it is empty'}.`,
    )
  if (time.isDate || parameters.get('VALUE')?.toUpperCase() === 'DATE')
    return { wall: Math.floor(time.wall / dayMs) * dayMs, isDate: true, zone: places.wholeDays }
  const { offset } = time
  if (offset !== undefined) return { wall: time.wall, isDate: false, zone: (wall) => wall - offset }
  const zoneName = parameters.get('TZID')
  if (!zoneName) return { wall: time.wall, isDate: false, zone: otherwise }
  const zone = places.zones(zoneName)
  if (!zone) throw new EntryUnreadable(`Its time zone "${zoneName.slice(0, 60)}" is not known.`)
  return { wall: time.wall, isDate: false, zone }
}

const words: Record<string, string> = { DTSTART: 'start', DTEND: 'end' }

/**
 * Whether it keeps its owner from meeting anybody. Tentative and out of office do; cancelled, free, working
 * elsewhere and declined by the owner do not.
 */
export function isBusy(component: Component, owner: string): boolean {
  const value = (name: string) => valueOf(component, name).toUpperCase()
  if (value('STATUS') === 'CANCELLED' || value('TRANSP') === 'TRANSPARENT') return false
  if (/^(FREE|WORKINGELSEWHERE)$/.test(value('X-MICROSOFT-CDO-BUSYSTATUS'))) return false
  return !component.properties.some(
    (property) =>
      property.name === 'ATTENDEE' &&
      owner !== '' &&
      property.value.trim().toLowerCase() === `mailto:${owner}` &&
      property.parameters.get('PARTSTAT')?.toUpperCase() === 'DECLINED',
  )
}

/** Its title for the host, at most eighty letters. */
export function titleOf(component: Component): string {
  const title = valueOf(component, 'SUMMARY')
    .replace(/\\n/gi, ' ')
    .replace(/\\([\\;,])/g, '$1')
  return [...title].slice(0, 80).join('') || 'Without a title'
}
