// A person's sessions as entries of a calendar.
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { addDays, now } from '../../lib/time.ts'
import { firstName } from '../members/member.ts'
import type { CalendarEntry } from './calendar-file.ts'

function selectEntries(db: Db) {
  return db
    .selectFrom('bookings')
    .innerJoin('hosts', 'hosts.id', 'bookings.hostId')
    .innerJoin('members', 'members.id', 'bookings.memberId')
    .select([
      'bookings.id',
      'attempt',
      'state',
      'startAt',
      'shownStartAt',
      'shownEndAt',
      'outcome',
      'hosts.fullName as hostName',
      'members.fullName as memberName',
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof selectEntries>['executeTakeFirstOrThrow']>>

function toEntry(row: Row): CalendarEntry | undefined {
  if (!row.shownStartAt || !row.shownEndAt) return undefined
  const isOn = row.state === 'created' || (row.state === 'completed' && row.outcome !== 'late_cancellation')
  return {
    bookingId: row.id,
    attempt: row.attempt,
    isOn,
    start: row.shownStartAt,
    end: row.shownEndAt,
    hostName: row.hostName,
    memberName: firstName(row.memberName, ''),
  }
}

/** One session; undefined if it has never had a time. */
export async function readCalendarEntry(db: Db, bookingId: string): Promise<CalendarEntry | undefined> {
  const row = await selectEntries(db).where('bookings.id', '=', bookingId).executeTakeFirst()
  return row && toEntry(row)
}

/** The entries of a feed since two months ago; undefined where the address is not valid. */
export async function readCalendarEntries(
  db: Db,
  token: string,
): Promise<{ viewer: 'host' | 'member'; entries: CalendarEntry[] } | undefined> {
  const feed = await db
    .selectFrom('calendarFeeds')
    .leftJoin('hosts', 'hosts.id', 'calendarFeeds.hostId')
    .leftJoin('members', 'members.id', 'calendarFeeds.memberId')
    .selectAll('calendarFeeds')
    .where('token', '=', token)
    .where(
      sql<boolean>`not coalesce(is_suspended(coalesce(hosts.mobile_number, members.mobile_number)), false)`,
    )
    .where(sql<boolean>`hosts.status is distinct from 'Suspended'`)
    .executeTakeFirst()
  if (!feed) return undefined
  const rows = await selectEntries(db)
    .where((eb) =>
      feed.hostId ? eb('bookings.hostId', '=', feed.hostId) : eb('bookings.memberId', '=', feed.memberId),
    )
    .where('startAt', '>', addDays(now(), -60))
    .orderBy('startAt')
    .limit(1_000)
    .execute()
  return {
    viewer: feed.hostId ? 'host' : 'member',
    entries: rows.map(toEntry).filter((entry) => entry !== undefined),
  }
}
