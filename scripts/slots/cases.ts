// Situations written down in a file: a host's hours, what is busy, and a question. Instants are in UTC.
import { z } from 'zod'
import type { CalendarRules, SlotQuery } from '../../server/journey/hosts/availability.ts'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time like 08:30')
const window = z.object({ start: time, end: time })
const instant = z.iso.datetime({ offset: true, error: 'must be an instant like 2027-03-01T09:00:00Z' }).transform((text) => new Date(text))
const zone = z.string().refine(isZone, 'must be a time zone like Australia/Sydney')
const minutes = z.int().min(0)

const caseSchema = z.object({
  name: z.string(),
  timeZone: zone,
  viewerTimeZone: zone.nullish(),
  weekly: z.array(window.extend({ days: z.array(z.int().min(0).max(6)) })).default([]),
  dateOverrides: z.array(z.object({ date: z.iso.date(), windows: z.array(window) })).default([]),
  eventMinutes: z.int().min(1),
  intervalMinutes: z.int().min(1).nullish(),
  minimumNoticeMinutes: minutes.default(0),
  bufferBeforeMinutes: minutes.default(0),
  bufferAfterMinutes: minutes.default(0),
  horizonDays: minutes.nullish(),
  maximumPerDay: z.int().min(1).nullish(),
  busy: z.array(z.object({ kind: z.enum(['external', 'booking']), start: instant, end: instant })).default([]),
  holds: z.array(z.object({ owner: z.enum(['self', 'other']), start: instant, end: instant, releaseAt: instant })).default([]),
  queryFrom: instant,
  queryTo: instant,
  now: instant,
})

export type Case = { name: string; rules: CalendarRules; query: SlotQuery }

/** One case or a list of them. Throws with a sentence for each thing that is wrong. */
export function readCases(text: string): Case[] {
  const parsed = z.array(caseSchema).safeParse([JSON.parse(text)].flat())
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map(({ path, message }) => `case ${Number(path[0]) + 1}, ${path.slice(1).join('.')}: ${message}`).join('\n'))
  }
  return parsed.data.map(({ name, viewerTimeZone, busy, holds, queryFrom, queryTo, now, ...rules }) => ({
    name,
    rules: { ...rules, intervalMinutes: rules.intervalMinutes ?? null },
    query: { from: queryFrom, to: queryTo, now, busy, holds, ...(viewerTimeZone && { viewerTimeZone }) },
  }))
}

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
