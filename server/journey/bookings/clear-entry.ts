// The reconciler of calendar entries: brings what was seen at Cal.com to what is wanted there. It only ever
// takes out the entry of its own attempt, so it never touches the session's new one.
import { endCall } from '../../calls/call-once.ts'
import { eachAlone } from '../../calls/each-alone.ts'
import { inTransaction } from '../../db/client.ts'
import { cancelCalBooking, findCalBooking } from '../../integrations/calcom-bookings.ts'
import { ProviderError } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { findCalcom } from '../times/find-calcom.ts'

type Attempt = { bookingId: string; attempt: number }

const kind = 'clear-entry'

/**
 * Clears one entry. While Cal.com is away it throws, so that the job is tried again, and reconciliation
 * starts it again for as long as it takes; an entry that Cal.com refuses to clear makes one task.
 */
export async function clearEntry(ctx: Context, { bookingId, attempt }: Attempt): Promise<void> {
  await eachAlone(ctx.db, [{ bookingId, attempt }], {
    kind,
    keyOf: (one) => `${one.bookingId}:${one.attempt}`,
    act: (one) => clear(ctx, one),
    isTransient: isAway,
    taskFor: (one, lastError) => ({
      kind: 'calendar',
      bookingId: one.bookingId,
      sentence: `A time that is no longer booked stands in the host's Cal.com calendar and cannot be taken out: ${lastError}.`,
    }),
  })
}

/** No answer, a fault of theirs, or too many calls: nothing that is about this entry. */
function isAway(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false
  return error.status === undefined || error.status >= 500 || error.status === 429
}

async function clear(ctx: Context, { bookingId, attempt }: Attempt): Promise<void> {
  const entry = await ctx.db
    .selectFrom('calendarEntries')
    .selectAll()
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', attempt)
    .executeTakeFirst()
  if (!entry || entry.wanted === 'present' || entry.seen === 'absent') return
  const { hostId } = await ctx.db
    .selectFrom('bookings')
    .select('hostId')
    .where('id', '=', bookingId)
    .executeTakeFirstOrThrow()
  const calcom = await findCalcom(ctx, hostId)
  const uid =
    entry.uid ??
    (
      await findCalBooking(calcom, {
        account: { username: entry.calUsername, eventSlug: entry.calEventSlug },
        bookingId,
        attempt,
        start: entry.startAt,
        attendeeEmail: entry.attendeeEmail,
      })
    )?.uid
  if (uid && !(await isAnothers(ctx, uid, attempt)))
    await cancelCalBooking(calcom, uid, entry.reason || 'No longer needed')
  // An act that may still arrive is looked for once more when it has had its time.
  const mayArrive = !uid && entry.arrivesUntil !== null && entry.arrivesUntil > now()
  if (mayArrive) return
  await inTransaction(ctx.db, async (tx) => {
    await tx
      .updateTable('calendarEntries')
      .set({ seen: 'absent' })
      .where('bookingId', '=', bookingId)
      .where('attempt', '=', attempt)
      .where('wanted', '=', 'absent')
      .execute()
    // The call has been looked up and is over.
    await endCall(tx, `calcom-book:${bookingId}:${attempt}`)
  })
}

/** Whether another attempt, which is wanted, has it by now. */
async function isAnothers(ctx: Context, uid: string, attempt: number): Promise<boolean> {
  const other = await ctx.db
    .selectFrom('calendarEntries')
    .select('attempt')
    .where('uid', '=', uid)
    .where('attempt', '!=', attempt)
    .where('wanted', '=', 'present')
    .executeTakeFirst()
  return other !== undefined
}
