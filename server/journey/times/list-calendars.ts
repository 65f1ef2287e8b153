// The calendars that a host has connected, and how many busy times each of them has ahead.
import type { Db } from '../../db/client.ts'
import { addDays, now } from '../../lib/time.ts'
import type { ImportedCalendar } from './imported-calendars-view.ts'

/** The dashboard shows so many days. */
const soonDays = 14

export async function listCalendars(db: Db, hostId: string): Promise<ImportedCalendar[]> {
  const rows = await db
    .selectFrom('importedCalendars')
    .leftJoin('busyTimes', (join) =>
      join
        .onRef('busyTimes.importedCalendarId', '=', 'importedCalendars.id')
        .on('busyTimes.endAt', '>', now()),
    )
    .select(['importedCalendars.id', 'address', 'name', 'color'])
    .select(['readAt', 'problem', 'skipped', 'skippedCount'])
    .select((eb) => eb.fn.count<number>('busyTimes.startAt').as('busyAhead'))
    .where('importedCalendars.hostId', '=', hostId)
    .groupBy('importedCalendars.id')
    .orderBy('importedCalendars.createdAt')
    .execute()
  const soon = await db
    .selectFrom('busyTimes')
    .select(['importedCalendarId', 'startAt', 'endAt'])
    .where('hostId', '=', hostId)
    .where('endAt', '>', now())
    .where('startAt', '<', addDays(now(), soonDays))
    .orderBy('startAt')
    .execute()
  const byCalendar = Map.groupBy(soon, ({ importedCalendarId }) => importedCalendarId)
  return rows.map((row) => ({
    ...row,
    skipped: row.skipped as ImportedCalendar['skipped'],
    soon: (byCalendar.get(row.id) ?? []).map(({ startAt, endAt }) => ({
      start: startAt.toISOString(),
      end: endAt.toISOString(),
    })),
    readAt: row.readAt?.toISOString() ?? null,
  }))
}
