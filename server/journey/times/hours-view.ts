// A host's hours as they are answered, and as they are sent to be saved.
import { z } from 'zod'
import { calendarKinds } from './calendar.ts'
import { overridesSchema, weeklySchema } from './calendar-rules.ts'

export const newHours = z
  .object({
    timeZone: z.string().max(64),
    weekly: weeklySchema,
    dateOverrides: overridesSchema,
    minimumNoticeMinutes: z.int().min(0).max(43_200),
    bufferBeforeMinutes: z.int().min(0).max(240),
    bufferAfterMinutes: z.int().min(0).max(240),
    intervalMinutes: z.int().min(5).max(240).nullable(),
    horizonDays: z.int().min(1).max(365),
    maximumPerDay: z.int().min(1).max(144).nullable().optional(),
  })
  .meta({ id: 'Hours' })
export type NewHours = z.infer<typeof newHours>

export const hoursView = newHours.extend({ calendar: z.enum(calendarKinds) })
export type Hours = z.infer<typeof hoursView>

/** The free starts that hours would offer, saved or not. */
export const previewView = z.object({ starts: z.array(z.iso.datetime()) })
export type Preview = z.infer<typeof previewView>
