// What a host's calendar holds for a booking is no longer wanted there. It is cleared until it is gone,
// however long Cal.com is away.
import { sql } from 'kysely'
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { addMinutes, now } from '../../lib/time.ts'

/** An act without an answer may arrive so much later. */
const arrivalMinutes = 2

/** `goneAttempt`: Cal.com has refused this attempt, so there is nothing to clear. */
export async function dropEntries(
  tx: Tx,
  bookingId: string,
  reason: string,
  goneAttempt?: number,
): Promise<void> {
  const dropped = await tx
    .updateTable('calendarEntries')
    .set({
      wanted: 'absent',
      reason,
      seen: sql<'absent'>`case when attempt = ${goneAttempt ?? -1} and seen = 'unknown' then 'absent' else seen end`,
      arrivesUntil: sql<Date>`case when seen = 'unknown' then ${addMinutes(now(), arrivalMinutes)}::timestamptz else arrives_until end`,
    })
    .where('bookingId', '=', bookingId)
    .where('wanted', '=', 'present')
    .returning(['bookingId', 'attempt', 'seen', 'arrivesUntil'])
    .execute()
  for (const { seen, attempt, arrivesUntil } of dropped) {
    if (seen === 'absent') continue
    await enqueue(tx, 'clear-entry', { bookingId, attempt })
    // Soon, so that the host's calendar is right within the minute, and once more for an act that took its
    // time.
    if (seen !== 'unknown' || !arrivesUntil) continue
    for (const at of [addMinutes(now(), 0.25), addMinutes(arrivesUntil, 0.1)])
      await enqueue(tx, 'clear-entry', { bookingId, attempt }, { at })
  }
}

/** The host cancelled inside Cal.com: nothing of this booking is there any more. */
export async function dropEntriesGone(tx: Tx, bookingId: string): Promise<void> {
  await tx
    .updateTable('calendarEntries')
    .set({ wanted: 'absent', seen: 'absent' })
    .where('bookingId', '=', bookingId)
    .where('wanted', '=', 'present')
    .execute()
}

/** Something of ours turned up at Cal.com that is not wanted: it is cleared as well. */
export async function dropEntryFound(tx: Tx, bookingId: string, uid: string): Promise<void> {
  const found = await tx
    .updateTable('calendarEntries')
    .set({ uid, wanted: 'absent', seen: 'present' })
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', (eb) =>
      eb
        .selectFrom('calendarEntries')
        .select((one) => one.fn.max('attempt').as('attempt'))
        .where('bookingId', '=', bookingId),
    )
    .returning('attempt')
    .executeTakeFirst()
  if (found) await enqueue(tx, 'clear-entry', { bookingId, attempt: found.attempt })
}

/**
 * For reconciliation: a host who has left Cal.com, or has another account there, keeps the sessions ahead in
 * Presence alone, and the old entries go.
 */
export async function dropLeftEntries(db: Db): Promise<void> {
  const { rows } = await sql<{ bookingId: string }>`
    select entry.booking_id from calendar_entries entry
      join bookings on bookings.id = entry.booking_id
      join hosts on hosts.id = bookings.host_id
    where entry.wanted = 'present' and entry.start_at > ${now()}
      and bookings.state = 'created' and bookings.calendar_status = 'confirmed'
      and hosts.cal_username is distinct from entry.cal_username`.execute(db)
  for (const { bookingId } of rows)
    await inTransaction(db, async (tx) => {
      const left = await tx
        .updateTable('bookings')
        .set({ calendar: 'builtin', calBookingUid: null, calBookingUrl: null })
        .where('id', '=', bookingId)
        .where('state', '=', 'created')
        .where('calendarStatus', '=', 'confirmed')
        .executeTakeFirst()
      if (left.numUpdatedRows === 1n) await dropEntries(tx, bookingId, 'The host has another calendar')
    })
}
