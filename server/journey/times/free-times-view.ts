// A host's free times as they are answered, and one of them while it is reserved.
import { z } from 'zod'
import { calendarKinds } from './calendar.ts'

export const slotsView = z.object({
  slots: z.array(z.object({ start: z.iso.datetime() })),
  sessionMinutes: z.int(),
  timeZone: z.string(),
  calendar: z.enum(calendarKinds),
})
export type Slots = z.infer<typeof slotsView>

export const reservedTimeView = z.object({ start: z.iso.datetime(), releaseAt: z.iso.datetime() })
export type ReservedTime = z.infer<typeof reservedTimeView>
