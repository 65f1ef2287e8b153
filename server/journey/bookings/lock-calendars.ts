// One at a time per host and per member: whoever gives a session a time first takes both calendars for the
// length of the transaction. Without it, many who race for one start wait for each other in the exclusion
// constraint, which PostgreSQL can only end as deadlocks. The constraint stays what guarantees that nothing
// overlaps.
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { Refusal } from '../../lib/errors.ts'

/** To be called before any row is locked. Always in the same order, so that two never wait for each other. */
export async function lockCalendars(tx: Tx, who: { hostId: string; memberId: string }): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(key)
    from (select hashtextextended(id, 0) as key from unnest(${[who.hostId, who.memberId]}::text[]) id order by 1) keys`.execute(
    tx,
  )
}

/** Refuses where the host has another live session at this time, without troubling the constraint. */
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
