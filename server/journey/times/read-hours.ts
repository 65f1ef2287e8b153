// A host's own hours, as they are stored.
import type { Db } from '../../db/client.ts'
import { calendarOf } from './calendar.ts'
import { overridesSchema, weeklySchema } from './calendar-rules.ts'
import type { Hours } from './hours-view.ts'

export async function readHours(db: Db, hostId: string): Promise<Hours> {
  const host = await db.selectFrom('hosts').selectAll().where('id', '=', hostId).executeTakeFirstOrThrow()
  return {
    timeZone: host.timeZone,
    weekly: weeklySchema.parse(host.weeklyHours),
    dateOverrides: overridesSchema.parse(host.dateOverrides),
    minimumNoticeMinutes: host.minimumNoticeMinutes,
    bufferBeforeMinutes: host.bufferBeforeMinutes,
    bufferAfterMinutes: host.bufferAfterMinutes,
    intervalMinutes: host.intervalMinutes,
    horizonDays: host.horizonDays,
    maximumPerDay: host.maximumPerDay,
    calendar: calendarOf(host),
  }
}
