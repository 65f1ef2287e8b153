// Calendars elsewhere keep a host of the built-in calendar from being booked. A job reads each of them every
// few minutes. A calendar that cannot be read keeps its last busy times, and the host dashboard says why.
import { inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { CalendarUnreadable, type Network } from '../../integrations/icalendar/address.ts'
import type { CalendarReading } from '../../integrations/icalendar/busy-times.ts'
import { fetchCalendar } from '../../integrations/icalendar/fetch-calendar.ts'
import { readCalendarApart } from '../../integrations/icalendar/read-apart.ts'
import { addDays, addMinutes, dayMs, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { type Interval, merge } from './intervals.ts'

const everyMinutes = 15
const daysAhead = 370
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

/** For reconciliation: a job for each calendar that is due. */
export async function pullCalendars(ctx: Context): Promise<void> {
  const time = now()
  await inTransaction(ctx.db, async (tx) => {
    const due = await tx
      .updateTable('importedCalendars')
      .set({ dueAt: addMinutes(time, everyMinutes) })
      // One that is due far ahead was read before the clock was moved back.
      .where((eb) => eb.or([eb('dueAt', '<=', time), eb('dueAt', '>', addMinutes(time, 2 * everyMinutes))]))
      .returning('id')
      .execute()
    for (const { id } of due) await enqueue(tx, 'pull-calendar', { importedCalendarId: id })
  })
}

/** `busy` as `merge` gives it. */
export type Read = Pick<CalendarReading, 'skipped' | 'skippedCount'> & { busy: Interval[] }

export async function readBusy(
  address: string,
  timeZone: string,
  network: Network | undefined,
): Promise<Read> {
  const bytes = await fetchCalendar(address, network)
  const from = addDays(now(), -1).getTime()
  const window = { from, to: from + (daysAhead + 1) * dayMs, timeZone }
  const { busy, skipped, skippedCount } = await readCalendarApart(bytes, window)
  return { busy: merge(busy), skipped, skippedCount }
}

/** Replaces what the calendar makes busy, unless it was removed meanwhile. */
export async function storeBusy(
  tx: Tx,
  calendar: { id: string; hostId: string },
  { busy, skipped, skippedCount }: Read,
): Promise<void> {
  const stored = await tx
    .updateTable('importedCalendars')
    .set({
      readAt: now(),
      dueAt: addMinutes(now(), everyMinutes),
      problem: null,
      skipped: JSON.stringify(skipped),
      skippedCount,
    })
    .where('id', '=', calendar.id)
    .executeTakeFirst()
  if (stored.numUpdatedRows === 0n) return
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

export async function announceBusy(tx: Tx, hostId: string): Promise<void> {
  await announce(tx, { topics: ['host'], hostId })
  await announce(tx, { topics: ['slots'] })
}
