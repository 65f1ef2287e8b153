// The calendars that a host has connected, and how many busy times each of them has ahead.
import type { Db } from '../../db/client.ts'
import { now } from '../../lib/time.ts'
import type { ImportedCalendar } from './imported-calendars-view.ts'

export async function listCalendars(db: Db, hostId: string): Promise<ImportedCalendar[]> {
  const rows = await db
    .selectFrom('importedCalendars')
    .leftJoin('busyTimes', (join) =>
      join
        .onRef('busyTimes.importedCalendarId', '=', 'importedCalendars.id')
        .on('busyTimes.endAt', '>', now()),
    )
    .select(['importedCalendars.id', 'address', 'readAt', 'problem', 'skipped', 'skippedCount'])
    .select((eb) => eb.fn.count<number>('busyTimes.startAt').as('busyAhead'))
    .where('importedCalendars.hostId', '=', hostId)
    .groupBy('importedCalendars.id')
    .orderBy('importedCalendars.createdAt')
    .execute()
  return rows.map((row) => ({
    ...row,
    skipped: row.skipped as ImportedCalendar['skipped'],
    readAt: row.readAt?.toISOString() ?? null,
  }))
}
