// Calendars elsewhere whose entries keep a host of the built-in calendar from being booked: read when they
// are added, and again and again by a job. What cannot be read keeps its last busy times, and says why on the
// host dashboard.
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { busyTimesIn } from '../../integrations/icalendar-busy.ts'
import { calendarAddress, CalendarUnreadable, type Network } from '../../integrations/icalendar-address.ts'
import { fetchCalendar } from '../../integrations/icalendar.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { addDays, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { type Interval, merge } from './intervals.ts'

const everyMinutes = 15
const daysAhead = 370
export const maxCalendars = 5

export type ImportedCalendar = {
  id: string
  address: string
  readAt: string | null
  problem: string | null
  busyAhead: number
}

export async function listCalendars(db: Db, hostId: string): Promise<ImportedCalendar[]> {
  const rows = await db
    .selectFrom('importedCalendars')
    .leftJoin('busyTimes', (join) =>
      join
        .onRef('busyTimes.importedCalendarId', '=', 'importedCalendars.id')
        .on('busyTimes.endAt', '>', now()),
    )
    .select(['importedCalendars.id', 'address', 'readAt', 'problem'])
    .select((eb) => eb.fn.count<number>('busyTimes.startAt').as('busyAhead'))
    .where('importedCalendars.hostId', '=', hostId)
    .groupBy('importedCalendars.id')
    .orderBy('importedCalendars.createdAt')
    .execute()
  return rows.map((row) => ({ ...row, readAt: row.readAt?.toISOString() ?? null }))
}

/**
 * Reads the calendar before it is kept. Refuses with invalid_input and the reason where that does not work.
 */
export async function addCalendar(
  ctx: Context,
  input: { hostId: string; address: string },
  network?: Network,
): Promise<void> {
  const host = await ctx.db
    .selectFrom('hosts')
    .select(['id', 'timeZone', 'calUsername'])
    .where('id', '=', input.hostId)
    .executeTakeFirstOrThrow()
  if (host.calUsername)
    throw new Refusal(
      'not_allowed',
      'Your times come from your Cal.com calendar. Please connect other calendars there.',
    )
  const { address, busy } = await asRefusal(async () => {
    const known = calendarAddress(input.address)
    return { address: known, busy: await readBusy(known, host.timeZone, network) }
  })
  const calendarId = newId()
  await inTransaction(ctx.db, async (tx) => {
    await tx.selectFrom('hosts').select('id').where('id', '=', host.id).forUpdate().execute()
    const others = await tx
      .selectFrom('importedCalendars')
      .select('address')
      .where('hostId', '=', host.id)
      .execute()
    if (others.some((other) => other.address === address))
      throw new Refusal('conflict', 'This calendar is connected already.')
    if (others.length >= maxCalendars)
      throw new Refusal('conflict', `At most ${maxCalendars} calendars can be connected. Remove one first.`)
    await tx
      .insertInto('importedCalendars')
      .values({ id: calendarId, hostId: host.id, address, createdAt: now(), dueAt: now() })
      .execute()
    await storeBusy(tx, { id: calendarId, hostId: host.id }, busy)
  })
}

export async function removeCalendar(
  ctx: Context,
  input: { hostId: string; calendarId: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const removed = await tx
      .deleteFrom('importedCalendars')
      .where('id', '=', input.calendarId)
      .where('hostId', '=', input.hostId)
      .executeTakeFirst()
    if (removed.numDeletedRows === 0n) throw notFound('calendar')
    await announceBusy(tx, input.hostId)
  })
}

/** Reads one calendar again. */
export async function pullCalendar(
  ctx: Context,
  importedCalendarId: string,
  network?: Network,
): Promise<void> {
  const calendar = await ctx.db
    .selectFrom('importedCalendars')
    .innerJoin('hosts', 'hosts.id', 'importedCalendars.hostId')
    .select(['importedCalendars.id', 'hostId', 'address', 'hosts.timeZone'])
    .where('importedCalendars.id', '=', importedCalendarId)
    .executeTakeFirst()
  if (!calendar) return
  try {
    const busy = await readBusy(calendar.address, calendar.timeZone, network)
    await inTransaction(ctx.db, (tx) => storeBusy(tx, calendar, busy))
  } catch (error) {
    if (!(error instanceof CalendarUnreadable)) throw error
    await inTransaction(ctx.db, async (tx) => {
      await tx
        .updateTable('importedCalendars')
        .set({ problem: error.message, dueAt: addMinutes(now(), everyMinutes) })
        .where('id', '=', calendar.id)
        .execute()
      await announce(tx, { topics: ['host'], hostId: calendar.hostId })
    })
  }
}

/** For the sweep: a job for each calendar that is due. */
export async function pullCalendars(ctx: Context): Promise<void> {
  const time = now()
  await inTransaction(ctx.db, async (tx) => {
    const due = await tx
      .updateTable('importedCalendars')
      .set({ dueAt: addMinutes(time, everyMinutes) })
      // One due far ahead was read before the clock was moved back.
      .where((eb) => eb.or([eb('dueAt', '<=', time), eb('dueAt', '>', addMinutes(time, 2 * everyMinutes))]))
      .returning('id')
      .execute()
    for (const { id } of due) await enqueue(tx, 'pull-calendar', { importedCalendarId: id })
  })
}

async function readBusy(
  address: string,
  timeZone: string,
  network: Network | undefined,
): Promise<Interval[]> {
  const text = await fetchCalendar(address, network)
  const time = now()
  const spans = busyTimesIn(text, { from: addDays(time, -1), to: addDays(time, daysAhead), timeZone })
  return merge(spans.map(({ start, end }): Interval => [start.getTime(), end.getTime()]))
}

async function storeBusy(tx: Tx, calendar: { id: string; hostId: string }, busy: Interval[]): Promise<void> {
  const kept = await tx
    .updateTable('importedCalendars')
    .set({ readAt: now(), dueAt: addMinutes(now(), everyMinutes), problem: null })
    .where('id', '=', calendar.id)
    .executeTakeFirst()
  if (kept.numUpdatedRows === 0n) return
  await tx.deleteFrom('busyTimes').where('importedCalendarId', '=', calendar.id).execute()
  for (let at = 0; at < busy.length; at += 1_000) {
    const rows = busy.slice(at, at + 1_000).map(([start, end]) => ({
      importedCalendarId: calendar.id,
      hostId: calendar.hostId,
      startAt: new Date(start),
      endAt: new Date(end),
    }))
    await tx.insertInto('busyTimes').values(rows).execute()
  }
  await announceBusy(tx, calendar.hostId)
}

async function announceBusy(tx: Tx, hostId: string): Promise<void> {
  await announce(tx, { topics: ['host'], hostId })
  await announce(tx, { topics: ['slots'] })
}

async function asRefusal<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof CalendarUnreadable) throw new Refusal('invalid_input', error.message)
    throw error
  }
}
