// Cases written in a file: a host's hours, busy times, and a question. Instants are in UTC.
import { readFileSync } from 'node:fs'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { CalendarRules, SlotQuery } from '../../server/journey/times/availability.ts'

const start = z
  .string({ error: 'must be a time like 08:30' })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 08:30')
const end = z
  .string({ error: 'must be a time like 08:30' })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time like 08:30, or 24:00')
const window = z.object({ start, end })
const instant = z
  .string({ error: 'must be an instant like 2027-03-01T09:00:00Z' })
  .transform((text, context) => {
    const moment = momentOf(text)
    if (!moment) context.addIssue('must be an instant like 2027-03-01T09:00:00Z')
    return moment ?? new Date(0)
  })
const zone = z
  .string({ error: 'must be a time zone like Australia/Sydney' })
  .refine(isZone, 'must be a time zone like Australia/Sydney')
const minutes = z.int('must be a whole number of minutes').min(0, 'must not be below 0')
const isInOrder = (span: { start: Date; end: Date }) => span.start <= span.end
const order = 'must not end before it starts'

const caseSchema = z.object(
  {
    name: z.string('must be a text'),
    timeZone: zone,
    viewerTimeZone: zone.nullish(),
    weekly: z
      .array(window.extend({ days: z.array(z.int('must be a day from 0, Sunday, to 6').min(0).max(6)) }))
      .default([]),
    dateOverrides: z
      .array(z.object({ date: z.iso.date('must be a date like 2027-03-01'), windows: z.array(window) }))
      .default([]),
    eventMinutes: minutes.min(1),
    intervalMinutes: minutes.min(1).nullish(),
    minimumNoticeMinutes: minutes.default(0),
    bufferBeforeMinutes: minutes.default(0),
    bufferAfterMinutes: minutes.default(0),
    horizonDays: z.int().min(0).nullish(),
    maximumPerDay: z.int().min(1).nullish(),
    busy: z
      .array(
        z
          .object({ kind: z.enum(['external', 'booking']), start: instant, end: instant })
          .refine(isInOrder, order),
      )
      .default([]),
    holds: z
      .array(
        z
          .object({ owner: z.enum(['self', 'other']), start: instant, end: instant, releaseAt: instant })
          .refine(isInOrder, order),
      )
      .default([]),
    queryFrom: instant,
    queryTo: instant,
    now: instant,
  },
  'must be an object with name, timeZone and the rest',
)

export type Case = { name: string; rules: CalendarRules; query: SlotQuery }

/** Reads the cases of a file: one object or a list. Throws a sentence for each problem. */
export function readCaseFile(path: string): Case[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`The file ${path} cannot be read.`, { cause: error })
  }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw new Error(`The file ${path} is not JSON: ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    })
  }
  return toCases(content)
}

export function toCases(content: unknown): Case[] {
  const parsed = z.array(caseSchema).safeParse(Array.isArray(content) ? content : [content])
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(
      ({ path: [index, ...where], message }) =>
        `case ${Number(index) + 1}${where.length > 0 ? `, ${where.join('.')}` : ''}: ${message}`,
    )
    throw new Error(wrong.join('\n'))
  }
  return parsed.data.map(({ name, viewerTimeZone, busy, holds, queryFrom, queryTo, now, ...rules }) => ({
    name,
    rules: { ...rules, intervalMinutes: rules.intervalMinutes ?? null },
    query: {
      from: queryFrom,
      to: queryTo,
      now,
      busy,
      reservations: holds,
      ...(viewerTimeZone && { viewerTimeZone }),
    },
  }))
}

/** With or without seconds. Refuses a day that the month does not have. */
function momentOf(text: string): Date | undefined {
  try {
    return new Date(Temporal.Instant.from(text).epochMilliseconds)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
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
