// A person's sessions as entries of a calendar, and the private address under which they can be subscribed
// to.
import { randomBytes } from 'node:crypto'
import type { Db } from '../../db/client.ts'
import { addDays, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { CalendarEntry } from './calendar-file.ts'

export type Person = { memberId: string } | { hostId: string }

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
    memberName: row.memberName,
  }
}

/** One session; undefined while it has never had a time. */
export async function readCalendarEntry(db: Db, bookingId: string): Promise<CalendarEntry | undefined> {
  const row = await selectEntries(db).where('bookings.id', '=', bookingId).executeTakeFirst()
  return row && toEntry(row)
}

/**
 * Whose feed this address is, with its entries from two months ago on; undefined for an address that is none
 * (any more).
 */
export async function readFeed(
  db: Db,
  token: string,
): Promise<{ viewer: 'host' | 'member'; entries: CalendarEntry[] } | undefined> {
  const feed = await db.selectFrom('calendarFeeds').selectAll().where('token', '=', token).executeTakeFirst()
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

export type FeedAddresses = { webcalUrl: string; url: string }

/** The person's present address; null where there is none. */
export async function findFeed(ctx: Context, person: Person): Promise<FeedAddresses | null> {
  const feed = await ctx.db
    .selectFrom('calendarFeeds')
    .select('token')
    .where(...theirs(person))
    .executeTakeFirst()
  return feed ? addressesOf(ctx, feed.token) : null
}

/** A new address; the one before leads nowhere from now on. */
export async function createFeed(ctx: Context, person: Person): Promise<FeedAddresses> {
  const token = randomBytes(24).toString('base64url')
  // One statement: two that are asked for at the same moment follow one another, and the later address is the
  // one that holds.
  await ctx.db
    .insertInto('calendarFeeds')
    .values({ token, createdAt: now(), ...person })
    .onConflict((conflict) => conflict.column(theirs(person)[0]).doUpdateSet({ token, createdAt: now() }))
    .execute()
  return addressesOf(ctx, token)
}

export async function withdrawFeed(ctx: Context, person: Person): Promise<void> {
  await ctx.db
    .deleteFrom('calendarFeeds')
    .where(...theirs(person))
    .execute()
}

function theirs(person: Person): ['hostId' | 'memberId', '=', string] {
  return 'hostId' in person ? ['hostId', '=', person.hostId] : ['memberId', '=', person.memberId]
}

function addressesOf(ctx: Context, token: string): FeedAddresses {
  const url = `${ctx.config.publicUrl}/calendar/${token}.ics`
  return { url, webcalUrl: url.replace(/^https?:/, 'webcal:') }
}
