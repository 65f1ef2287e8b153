// Which zone a name in a calendar means: the calendar's own rules, an IANA name with or without a path
// before it, a Windows name (Unicode CLDR) or what Windows shows for it, or an offset.
import { Temporal } from 'temporal-polyfill'
import { findIana, type WindowsZoneName } from 'windows-iana'
import { type Component, valueOf } from './content-lines.ts'
import { openOwnRules } from './own-rules.ts'
import type { Zone } from './times.ts'

export type Zones = (name: string) => Zone | undefined

export function openZones(calendars: Component[]): Zones {
  const own = new Map<string, Component>()
  for (const calendar of calendars)
    for (const component of calendar.children)
      if (component.name === 'VTIMEZONE') own.set(valueOf(component, 'TZID').replaceAll('"', ''), component)
  const known = new Map<string, Zone | undefined>()
  return (name) => {
    if (!known.has(name)) {
      const rules = own.get(name)
      known.set(name, (rules && openOwnRules(rules)) ?? zoneNamed(name))
    }
    return known.get(name)
  }
}

/** The zone by its name alone; undefined where nobody knows it. */
export function zoneNamed(name: string): Zone | undefined {
  const trimmed = name.trim()
  const offset = offsetMs(trimmed)
  if (offset !== undefined) return (wall) => wall - offset
  const iana = ianaOf(trimmed)
  return iana === undefined ? undefined : inIana(iana)
}

/** Offsets change at whole quarters of an hour, so that one is looked up once for each. */
const quarterMs = 15 * 60_000

function inIana(name: string): Zone {
  const offsets = new Map<number, number>()
  return (wall) => {
    const quarter = Math.floor(wall / quarterMs)
    let offset = offsets.get(quarter)
    if (offset === undefined) {
      const moment = Temporal.Instant.fromEpochMilliseconds(quarter * quarterMs)
        .toZonedDateTimeISO('UTC')
        .toPlainDateTime()
        .toZonedDateTime(name).epochMilliseconds
      offsets.set(quarter, (offset = quarter * quarterMs - moment))
    }
    return wall - offset
  }
}

function offsetMs(name: string): number | undefined {
  if (/^(tzone:\/\/Microsoft\/Utc|Z|UTC|GMT|Etc\/UTC)$/i.test(name)) return 0
  const match = /^(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d\d)?$/i.exec(name)
  if (!match || Number(match[2]) > 14) return undefined
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000
}

/** The IANA name that a name means, in any letter case; undefined where nobody knows it. */
export function ianaOf(name: string): string | undefined {
  // A globally unique name has a path before the name itself (RFC 5545, 3.2.19).
  const parts = name.split('/').filter(Boolean)
  for (let count = Math.min(3, parts.length); count >= 1; count--) {
    const candidate = parts.slice(-count).join('/')
    // A single word counts only where it is the whole name.
    if ((count > 1 || parts.length === 1) && isIana(candidate)) return candidate
  }
  return windowsZone(name) ?? displayedZone(name)
}

function isIana(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

function windowsZone(name: string): string | undefined {
  return findIana(name as WindowsZoneName)[0] ?? findIana(inTitleCase(name) as WindowsZoneName)[0]
}

/** `aus eastern standard time` as CLDR writes it: AUS keeps its capitals. */
const inTitleCase = (name: string) =>
  name.replace(/[A-Za-z]+/g, (word) =>
    /^(aus|us|e|w|n|utc|gmt|gtb|fle|sa)$/i.test(word)
      ? word.toUpperCase()
      : word[0]!.toUpperCase() + word.slice(1).toLowerCase(),
  )

/** What Windows shows and no city says. */
const displayed: Record<string, string> = {
  'Eastern Time (US & Canada)': 'America/New_York',
  'Central Time (US & Canada)': 'America/Chicago',
  'Mountain Time (US & Canada)': 'America/Denver',
  'Pacific Time (US & Canada)': 'America/Los_Angeles',
  'Atlantic Time (Canada)': 'America/Halifax',
  Newfoundland: 'America/St_Johns',
  Alaska: 'America/Anchorage',
  Hawaii: 'Pacific/Honolulu',
  Arizona: 'America/Phoenix',
  'Indiana (East)': 'America/Indiana/Indianapolis',
  'Central America': 'America/Guatemala',
  Saskatchewan: 'America/Regina',
  'Baja California': 'America/Tijuana',
  Greenland: 'America/Nuuk',
  'West Central Africa': 'Africa/Lagos',
  Ekaterinburg: 'Asia/Yekaterinburg',
  Astana: 'Asia/Almaty',
  'Sri Jayawardenepura': 'Asia/Colombo',
  'Yangon (Rangoon)': 'Asia/Yangon',
  'Solomon Is., New Caledonia': 'Pacific/Guadalcanal',
  "Nuku'alofa": 'Pacific/Tongatapu',
  Samoa: 'Pacific/Apia',
  'Coordinated Universal Time': 'Etc/UTC',
}

/** `(UTC+10:00) Canberra, Melbourne, Sydney`: the first of its cities that is a zone with that offset. */
function displayedZone(name: string): string | undefined {
  const match = /^\((?:UTC|GMT)(?:([+-])(\d\d):?(\d\d))?\)\s*(\S.*)$/i.exec(name)
  if (!match) return undefined
  const places = match[4]!.trim()
  if (displayed[places]) return displayed[places]
  const minutes = (match[1] === '-' ? -1 : 1) * (Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0))
  for (const place of places.split(/[,/]|\band\b/)) {
    const city = place
      .replace(/\bIs(lands?|\.)/, '')
      .trim()
      .replaceAll(' ', '_')
    const found = regions
      .map((region) => `${region}/${city}`)
      .find((zone) => isIana(zone) && standardMinutes(zone) === minutes)
    if (found) return found
  }
  return undefined
}

const regions = ['Europe', 'America', 'Asia', 'Africa', 'Australia', 'Pacific', 'Atlantic', 'Indian']

/** Daylight saving time is ahead of standard time, so the smaller offset of the year is the standard one. */
function standardMinutes(zone: string): number {
  const at = (month: number) =>
    Temporal.ZonedDateTime.from({ timeZone: zone, year: 2026, month, day: 1 }).offsetNanoseconds / 60e9
  return Math.min(at(1), at(7))
}
