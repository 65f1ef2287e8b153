// Calendars elsewhere that keep a host from being booked.
import { z } from 'zod'

const importedCalendarView = z.object({
  id: z.uuid(),
  address: z.string(),
  readAt: z.iso.datetime().nullable(),
  /** Why it could not be read the last time. */
  problem: z.string().nullable(),
  busyAhead: z.int(),
  /** Entries that could not be read, the first fifty, and how many there are. */
  skipped: z.array(z.object({ title: z.string(), reason: z.string() })),
  skippedCount: z.int(),
})
export type ImportedCalendar = z.infer<typeof importedCalendarView>

export const importedCalendarsView = z.object({ calendars: z.array(importedCalendarView) })
