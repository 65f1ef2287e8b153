// The free starts of a Cal.com host, read once for all visitors and processes and cached briefly. They are
// read again when something happened in that calendar. While Cal.com is silent, older ones serve for a while.
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { fetchCalSlots } from '../../integrations/calcom-slots.ts'
import { ProviderError } from '../../lib/errors.ts'
import { addDays, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { calAccountOf } from './calendar.ts'
import { findCalcom } from './find-calcom.ts'

const freshMs = 30_000
/** While Cal.com is silent, starts older than this are not shown: too many of them would be gone. */
const usableMs = 15 * 60_000
const readingMs = 20_000
/** After a failure nobody asks again for this long, so that no visitor waits during an outage. */
const pauseMs = 8_000
/** A session is valid for at most 30 days, and for 7 more where a host failed. */
const daysAhead = 38
/** How many of them the host cards need. */
const nextStarts = 60

export type CalHost = { id: string; calUsername: string | null; calEventSlug: string | null }
type Row = {
  starts: Date[]
  coversFrom: Date
  coversUntil: Date
  readAt: Date
  isStale: boolean
  readingUntil: Date | null
}

const underWay = new Map<string, Promise<Row>>()

/**
 * The host's free starts from `from` to `to`, in order, at most half a minute old; older ones only while
 * Cal.com is silent. With `notBefore` they are read again unless they were read after that moment. Throws
 * ProviderError where nothing usable is known.
 */
export async function readCalSlots(
  ctx: Context,
  host: CalHost,
  from: Date,
  to: Date,
  notBefore?: Date,
): Promise<Date[]> {
  const known = await readRow(ctx.db, host.id)
  let row = known && isFresh(known, notBefore) ? known : await readAgain(ctx, host, known)
  // Somebody else's question may have been under way for longer.
  if (notBefore && row.readAt < notBefore && row !== known) row = await readAgain(ctx, host, known)
  const starts = row.starts.filter((start) => start >= from && start < to)
  if (to <= row.coversUntil) return starts
  const beyond = from > row.coversUntil ? from : row.coversUntil
  return [
    ...starts,
    ...(await fetchCalSlots(await findCalcom(ctx, host.id), calAccountOf(host), beyond, to)).filter(
      (start) => start >= beyond && start < to,
    ),
  ]
}

/** Something happened in these calendars: the next request reads them again. */
export async function forgetCalSlots(db: Db, hostIds: string[]): Promise<void> {
  if (hostIds.length === 0) return
  await db.updateTable('calendarSlots').set({ isStale: true }).where('hostId', 'in', hostIds).execute()
}

async function readRow(db: Db, hostId: string): Promise<Row | undefined> {
  const row = await db.selectFrom('calendarSlots').selectAll().where('hostId', '=', hostId).executeTakeFirst()
  return row?.readAt ? (row as Row) : undefined
}

function isFresh(row: Row, notBefore: Date | undefined): boolean {
  const age = now().getTime() - row.readAt.getTime()
  if (row.isStale || age < 0 || age > freshMs) return false
  return notBefore === undefined || row.readAt >= notBefore
}

function isUsable(row: Row | undefined): row is Row {
  const age = row ? now().getTime() - row.readAt.getTime() : Infinity
  return age >= 0 && age <= usableMs
}

/** Single flight: one request for everybody who waits in this process, and one process at a time. */
async function readAgain(ctx: Context, host: CalHost, known: Row | undefined): Promise<Row> {
  try {
    const reading = underWay.get(host.id) ?? leaseAndRead(ctx, host)
    if (!underWay.has(host.id)) {
      underWay.set(host.id, reading)
      reading.finally(() => underWay.delete(host.id)).catch(() => undefined)
    }
    return await reading
  } catch (error) {
    if (error instanceof ProviderError && isUsable(known)) return known
    throw error
  }
}

async function leaseAndRead(ctx: Context, host: CalHost): Promise<Row> {
  const time = now()
  const readingUntil = new Date(time.getTime() + readingMs)
  const leased = await ctx.db
    .insertInto('calendarSlots')
    .values({ hostId: host.id, readingUntil })
    .onConflict((conflict) =>
      conflict
        .column('hostId')
        .doUpdateSet({ readingUntil, isStale: false })
        // A lease far ahead was made before the clock was moved back.
        .where((eb) =>
          eb.or([
            eb('calendarSlots.readingUntil', 'is', null),
            eb('calendarSlots.readingUntil', '<=', time),
            eb('calendarSlots.readingUntil', '>', addMinutes(readingUntil, 1)),
          ]),
        ),
    )
    .executeTakeFirst()
  if (leased.numInsertedOrUpdatedRows !== 1n) return waitForOther(ctx, host)
  try {
    const coversFrom = new Date(time.getTime() - 60_000)
    const coversUntil = addDays(time, daysAhead)
    const starts = await fetchCalSlots(await findCalcom(ctx, host.id), calAccountOf(host), time, coversUntil)
    // Dated when it was asked: what happened in the calendar meanwhile may be missing in the answer.
    const row = { starts, coversFrom, coversUntil, readAt: time, readingUntil: null }
    await ctx.db
      .updateTable('calendarSlots')
      .set({ ...row, starts: timestamps(starts), nextStarts: timestamps(starts.slice(0, nextStarts)) })
      .where('hostId', '=', host.id)
      .execute()
    return { ...row, isStale: false }
  } catch (error) {
    const pausedUntil = new Date(now().getTime() + pauseMs)
    await ctx.db
      .updateTable('calendarSlots')
      .set({ readingUntil: pausedUntil, isStale: true })
      .where('hostId', '=', host.id)
      .execute()
    throw error
  }
}

function timestamps(moments: Date[]) {
  return sql<Date[]>`${moments.map((moment) => moment.toISOString())}::timestamptz[]`
}

/** Another process holds the lease, or the last try has just failed. */
async function waitForOther(ctx: Context, host: CalHost): Promise<Row> {
  for (let tries = 0; tries < 20; tries++) {
    const row = await ctx.db
      .selectFrom('calendarSlots')
      .selectAll()
      .where('hostId', '=', host.id)
      .executeTakeFirst()
    if (row?.readAt && !row.isStale && isFresh(row as Row, undefined)) return row as Row
    const hasFailed = !row?.readingUntil || row.readingUntil.getTime() - now().getTime() <= pauseMs
    if (hasFailed) break
    await setTimeout(200)
  }
  throw new ProviderError('calcom', 'the calendar could not be read just now', { ambiguous: false })
}

/**
 * For reconciliation: reads the hosts whose starts are oldest, a few at a time, so that host cards have them,
 * and outages too.
 */
export async function refreshCalSlots(ctx: Context): Promise<void> {
  const time = now()
  const hosts = await ctx.db
    .selectFrom('hosts')
    .leftJoin('calendarSlots', 'calendarSlots.hostId', 'hosts.id')
    .select(['hosts.id', 'hosts.calUsername', 'hosts.calEventSlug'])
    .where('hosts.calUsername', 'is not', null)
    .where('hosts.status', '=', 'Active')
    .where('hosts.verificationStatus', '=', 'Verified')
    .where((eb) =>
      eb.or([
        eb('calendarSlots.readAt', 'is', null),
        eb('calendarSlots.readAt', '<', addMinutes(time, -5)),
        eb('calendarSlots.readAt', '>', time),
        eb('calendarSlots.isStale', '=', true),
      ]),
    )
    .orderBy('calendarSlots.readAt', (order) => order.asc().nullsFirst())
    .limit(20)
    .execute()
  for (const host of hosts) {
    try {
      await readCalSlots(ctx, host, time, addMinutes(time, 10))
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      if (error.status === undefined || error.status >= 429) return // Cal.com is away or has had enough of us
    }
  }
}
