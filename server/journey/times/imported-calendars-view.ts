// Calendars elsewhere that keep a host from being booked.
import { z } from 'zod'
import { calendarColors } from './calendar.ts'

const importedCalendarView = z.object({
  id: z.uuid(),
  address: z.string(),
  /** As the host calls it; empty where they gave it none. */
  name: z.string(),
  color: z.enum(calendarColors),
  readAt: z.iso.datetime().nullable(),
  /** Why it could not be read the last time. */
  problem: z.string().nullable(),
  busyAhead: z.int(),
  /** What it makes busy within the next two weeks, earliest first. Titles are not kept. */
  soon: z.array(z.object({ start: z.iso.datetime(), end: z.iso.datetime() })),
  /** Entries that could not be read, the first fifty, and how many there are. */
  skipped: z.array(z.object({ title: z.string(), reason: z.string() })),
  skippedCount: z.int(),
})
export type ImportedCalendar = z.infer<typeof importedCalendarView>

export const importedCalendarsView = z.object({ calendars: z.array(importedCalendarView) })
