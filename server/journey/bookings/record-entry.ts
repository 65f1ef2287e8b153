// Records what a host's calendar at Cal.com holds, or is about to hold, for an attempt of a booking
// (docs/decisions/0040-calendar-entries.md).
import type { Db, Tx } from '../../db/client.ts'
import type { CalAccount } from '../../integrations/calcom.ts'

type Attempt = { id: string; attempt: number }

/**
 * Before the call: an entry is wanted. False where it is no longer, because the time was given back
 * meanwhile.
 */
export async function recordEntry(
  db: Db,
  booking: Attempt & { startAt: Date },
  account: CalAccount,
  attendeeEmail: string,
): Promise<boolean> {
  await db
    .insertInto('calendarEntries')
    .values({
      bookingId: booking.id,
      attempt: booking.attempt,
      calUsername: account.username,
      calEventSlug: account.eventSlug,
      startAt: booking.startAt,
      attendeeEmail,
      wanted: 'present',
      seen: 'unknown',
    })
    .onConflict((conflict) => conflict.columns(['bookingId', 'attempt']).doNothing())
    .execute()
  const { wanted } = await db
    .selectFrom('calendarEntries')
    .select('wanted')
    .where('bookingId', '=', booking.id)
    .where('attempt', '=', booking.attempt)
    .executeTakeFirstOrThrow()
  return wanted === 'present'
}

/** Cal.com has it under this uid. A move has taken the entries of earlier attempts away. */
export async function recordEntrySeen(tx: Tx, { id, attempt }: Attempt, uid: string): Promise<void> {
  await tx
    .updateTable('calendarEntries')
    .set({ wanted: 'absent', seen: 'absent', uid: null })
    .where('bookingId', '=', id)
    .where('attempt', '<', attempt)
    .where((eb) => eb.or([eb('wanted', '=', 'present'), eb('uid', '=', uid)]))
    .execute()
  await tx
    .updateTable('calendarEntries')
    .set({ uid, seen: 'present' })
    .where('bookingId', '=', id)
    .where('attempt', '=', attempt)
    .execute()
}

/** The host moved it inside Cal.com: the next attempt has its entry already, in the account of the last. */
export async function recordEntryMoved(
  tx: Tx,
  { id, attempt, startAt }: Attempt & { startAt: Date | null },
  uid: string,
): Promise<void> {
  const last = await tx
    .selectFrom('calendarEntries')
    .selectAll()
    .where('bookingId', '=', id)
    .where('attempt', '<', attempt)
    .orderBy('attempt', 'desc')
    .executeTakeFirst()
  if (!last || !startAt) return
  await tx
    .insertInto('calendarEntries')
    .values({ ...last, attempt, startAt, uid: null, wanted: 'present', seen: 'unknown' })
    .onConflict((conflict) => conflict.columns(['bookingId', 'attempt']).doNothing())
    .execute()
  await recordEntrySeen(tx, { id, attempt }, uid)
}
