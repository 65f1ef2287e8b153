// Whoever gives a session a time locks both calendars for the transaction first. Without the lock, many who
// race for one start would wait for each other in the exclusion constraint, and PostgreSQL could end that
// only by deadlocks. The constraint remains the guarantee that nothing overlaps.
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { Refusal } from '../../lib/errors.ts'

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
  if (other) throw new Refusal('time_taken', 'This time was just taken. Please choose another.')
}
