// Money, dates and times for people: in their own locale, in the time zone given, and with the zone named.
import { isFormer } from '../../server/journey/members/former.ts'
import { type Currency, formatMoney } from '../../server/lib/money.ts'
import { dayMs } from './clock.ts'
import { locale } from './locale.ts'

/** The browser's time zone. Some say none, an offset or `Etc/Unknown`, which no other program knows. */
export function browserZone(): string {
  const zone = new Intl.DateTimeFormat('en').resolvedOptions().timeZone as string | undefined
  return zone && /^[A-Za-z]/.test(zone) && zone !== 'Etc/Unknown' ? zone : 'Australia/Sydney'
}

export const money = (cents: number, currency: Currency) => formatMoney(cents, currency, locale())

/** Whole amounts without their empty cents: "$18", but "$13.34". */
export function shortMoney(cents: number, currency: Currency): string {
  const style = { style: 'currency', currency, minimumFractionDigits: cents % 100 === 0 ? 0 : 2 } as const
  return new Intl.NumberFormat(locale(), style).format(cents / 100)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(options: Intl.DateTimeFormatOptions, inLocale = locale()): Intl.DateTimeFormat {
  const key = JSON.stringify([inLocale, options])
  let found = formats.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(inLocale, options)
    formats.set(key, found)
  }
  return found
}

/** The calendar day of a moment in a zone, as YYYY-MM-DD. */
export function dayKey(at: Date | string, timeZone: string): string {
  const options = { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' } as const
  const parts = format(options, 'en-u-ca-gregory-nu-latn').formatToParts(new Date(at))
  const part = (type: string) => parts.find((one) => one.type === type)!.value
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** The hour, 0 to 23, of a moment in a zone. */
export function hourIn(at: Date | string, timeZone: string): number {
  return Number(format({ timeZone, hour: '2-digit', hourCycle: 'h23' }, 'en-GB').format(new Date(at)))
}

/** The minute of the hour, 0 to 59, of a moment in a zone. */
export function minuteIn(at: Date | string, timeZone: string): number {
  return Number(format({ timeZone, minute: 'numeric' }, 'en-GB').format(new Date(at)))
}

export function timeOfDay(at: Date | string, timeZone: string): string {
  return format({ timeZone, hour: 'numeric', minute: '2-digit' }).format(new Date(at))
}

/** "Today", "Tomorrow", "Yesterday", or the date with its weekday. */
export function day(at: Date | string, timeZone: string, today: Date): string {
  const key = dayKey(at, timeZone)
  const daysAway = Math.round((Date.parse(key) - Date.parse(dayKey(today, timeZone))) / dayMs)
  if (daysAway === 0) return 'Today'
  if (daysAway === 1) return 'Tomorrow'
  if (daysAway === -1) return 'Yesterday'
  const isNear = Math.abs(daysAway) < 300
  return format({
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    ...(isNear ? {} : { year: 'numeric' }),
  }).format(new Date(at))
}

/** "Tomorrow, 2:45 pm". */
export function when(at: Date | string, timeZone: string, today: Date): string {
  return `${day(at, timeZone, today)}, ${timeOfDay(at, timeZone)}`
}

/** The same for the middle of a sentence: "tomorrow, 2:45 pm", but "Sat 28 November". */
export function midSentence(text: string): string {
  return text.replace(/^(Today|Tomorrow|Yesterday)/, (word) => word.toLowerCase())
}

/** "Sydney time (AEDT)": the zone's place, and its name at that moment. */
export function zoneLabel(timeZone: string, at: Date | string): string {
  const place = (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ')
  const parts = format({ timeZone, timeZoneName: 'short' }).formatToParts(new Date(at))
  const short = parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
  return place === short || short === '' ? `${place} time` : `${place} time (${short})`
}

/** A duration in its two largest units: "3 days", "2 h 5 min", "12 min", "40 s". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours >= 24) return hours < 48 ? '1 day' : `${Math.floor(hours / 24)} days`
  if (hours >= 1) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  if (minutes >= 1) return `${minutes} min`
  return `${seconds} s`
}

/** "9:05" for a clock that counts down. Never below zero. */
export function minutesAndSeconds(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

export function firstName(fullName: string): string {
  if (isFormer(fullName)) return fullName
  return fullName.trim().split(/\s+/)[0] ?? ''
}

/** The first characters of the first and the last name, each whole with its accents and joined parts. */
export function initials(fullName: string): string {
  const names = fullName
    .split(/[\s]+/)
    .map((name) => name.replace(/^[^\p{L}\p{N}\p{So}]+/u, ''))
    .filter(Boolean)
  const [first, last] = [names[0], names.length > 1 ? names.at(-1) : undefined]
  return [first, last]
    .map((name) => (name ? firstCharacter(firstCharacter(name).toUpperCase()) : ''))
    .join('')
}

/** Firefox before 125 has no segmenter; there a code point with its combining marks stands in. */
function firstCharacter(text: string): string {
  if (!('Segmenter' in Intl)) return /^.\p{M}*/su.exec(text)?.[0] ?? ''
  for (const { segment } of new Intl.Segmenter().segment(text)) return segment
  return ''
}

/** "English and Tamil", in the reader's own way of listing. */
export function list(items: string[]): string {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(items)
}
