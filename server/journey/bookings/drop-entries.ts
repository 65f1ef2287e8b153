// What a host's calendar holds for a booking is no longer wanted there. It is cleared until it is gone,
// however long Cal.com is away.
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
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
