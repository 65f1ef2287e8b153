// Whoever gives a session a time locks both calendars for the transaction first. Without the lock, many who
// race for one start would wait for each other in the exclusion constraint, and PostgreSQL could end that
// only by deadlocks. The constraint remains the guarantee that nothing overlaps.
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { Refusal } from '../../lib/errors.ts'
import { addDays, minuteMs, now } from '../../lib/time.ts'
import { fullDays } from '../times/availability.ts'
import { calendarOf } from '../times/calendar.ts'
import { readCalendarRules } from '../times/calendar-rules.ts'
import { readTakenTimes } from '../times/read-taken-times.ts'
import { whatIsInTheWay } from '../times/why-not-free.ts'
import { zoneClock } from '../times/zone-clock.ts'

/** Call it before any row is locked. The order is always the same, so that two never wait for each other. */
export async function lockCalendars(tx: Tx, who: { hostId: string; memberId: string }): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(key)
    from (select hashtextextended(id, 0) as key from unnest(${[who.hostId, who.memberId]}::text[]) id order by 1) keys`.execute(
    tx,
  )
}

/** Refuses where the host has another live session at this time, before the constraint has to. */
export async function requireNotBooked(
  tx: Tx,
  time: { hostId: string; bookingId: string; start: Date; end: Date },
): Promise<void> {
  const other = await tx
    .selectFrom('bookings')
    .select('id')
    .where('hostId', '=', time.hostId)
    .where('state', '=', 'created')
    .where('id', '!=', time.bookingId)
    .where('startAt', '<', time.end)
    .where('endAt', '>', time.start)
    .executeTakeFirst()
  if (other) throw taken()
}

const taken = () => new Refusal('time_taken', 'This time was just taken. Please choose another.')

/**
 * Refuses where a session that was booked meanwhile leaves no pause, or has used up the maximum of the day.
 * The calendars are locked, so that two members who book in the same moment cannot both be right. Cal.com
 * keeps the rules of its own hosts.
 */
export async function requirePauses(
  tx: Tx,
  time: { hostId: string; bookingId: string; start: Date; end: Date },
): Promise<void> {
  const { start, end } = time
  const host = await tx
    .selectFrom('hosts')
    .selectAll()
    .where('id', '=', time.hostId)
    .executeTakeFirstOrThrow()
  if (calendarOf(host) !== 'builtin') return
  const rules = readCalendarRules(host, (end.getTime() - start.getTime()) / minuteMs)
  const [{ busy } = { busy: [] }] = await readTakenTimes(tx, [host], {
    from: addDays(start, -1),
    to: addDays(end, 1),
    exceptBookingId: time.bookingId,
  })
  const clock = zoneClock(rules.timeZone, start.getTime(), end.getTime())
  const isFull = fullDays(rules, clock, busy).some(
    ([from, to]) => from < end.getTime() && start.getTime() < to,
  )
  const inTheWay = whatIsInTheWay(rules, { now: now(), busy, reservations: [] }, start)
  if (isFull || inTheWay.length > 0) throw taken()
}
