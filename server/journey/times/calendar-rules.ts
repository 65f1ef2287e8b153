// A host's built-in calendar as it is stored, read as the rules that availability.ts computes with.
import { z } from 'zod'
import type { CalendarRules } from './availability.ts'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time like 09:30')
const window = z.object({ start: time, end: time })

export const weeklySchema = z
  .array(window.extend({ days: z.array(z.int().min(0).max(6)).min(1).max(7) }))
  .max(50)
export const overridesSchema = z
  .array(z.object({ date: z.iso.date(), windows: z.array(window).max(10) }))
  .max(400)

export type StoredCalendar = {
  timeZone: string
  weeklyHours: unknown
  dateOverrides: unknown
  minimumNoticeMinutes: number
  bufferBeforeMinutes: number
  bufferAfterMinutes: number
  intervalMinutes: number | null
  horizonDays: number
  maximumPerDay: number | null
}

/** Whether the host has ever said when they are free. Nobody's hours are invented. */
export function hasHours(host: Pick<StoredCalendar, 'weeklyHours' | 'dateOverrides'>): boolean {
  return [host.weeklyHours, host.dateOverrides].some((hours) => Array.isArray(hours) && hours.length > 0)
}

export function readCalendarRules(host: StoredCalendar, sessionMinutes: number): CalendarRules {
  return {
    timeZone: host.timeZone,
    weekly: weeklySchema.parse(host.weeklyHours),
    dateOverrides: overridesSchema.parse(host.dateOverrides),
    eventMinutes: sessionMinutes,
    intervalMinutes: host.intervalMinutes,
    minimumNoticeMinutes: host.minimumNoticeMinutes,
    bufferBeforeMinutes: host.bufferBeforeMinutes,
    bufferAfterMinutes: host.bufferAfterMinutes,
    horizonDays: host.horizonDays,
    maximumPerDay: host.maximumPerDay,
  }
}
