// Follows what is cancelled or moved inside Cal.com. The booking is fetched again before anything changes.
import { eachAlone, quarantinedKeys } from '../../calls/each-alone.ts'
import { inTransaction } from '../../db/client.ts'
import {
  type CalActor,
  type CalBooking,
  fetchCalBooking,
  listChangedCalBookings,
} from '../../integrations/calcom-bookings.ts'
import type { CalcomClient } from '../../integrations/calcom.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import { addDays, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { findCalcom } from '../times/find-calcom.ts'
import { dropEntryFound } from './drop-entries.ts'
import { type CalendarEnd, followChange, refuseChange } from './follow-change.ts'

/** Follows the Cal.com booking that we know as `uid` to where it is now. Ignores what we caused ourselves. */
export async function followCalendar(ctx: Context, uid: string): Promise<void> {
  const ours = await ctx.db
    .selectFrom('bookings')
    .select(['id', 'hostId'])
    .where('calBookingUid', '=', uid)
    .executeTakeFirst()
  if (!ours) return
  const calcom = await findCalcom(ctx, ours.hostId)
  const cal = await fetchCalBooking(calcom, uid)
  if (!cal?.isCancelled) return
  const end = await endOf(calcom, cal)
  try {
    const isFollowed = await followChange(ctx, ours.id, uid, end)
    if (!isFollowed) await refuseChange(ctx, ours.id, uid, end)
  } catch (error) {
    // The member or the host has another session at the new time, so this one is given back.
    const isTaken = error instanceof Refusal && ['time_taken', 'member_busy'].includes(error.code)
    if (!end.movedTo || !isTaken) throw error
    if (end.by !== 'host') return refuseChange(ctx, ours.id, uid, end)
    await followChange(ctx, ours.id, uid, { ...end, movedTo: undefined })
    await inTransaction(ctx.db, (tx) => dropEntryFound(tx, ours.id, end.movedTo!.uid))
  }
}

/** Where a chain of moves ends, and who made it: nobody we know where it was not one alone. */
async function endOf(calcom: CalcomClient, first: CalBooking): Promise<CalendarEnd> {
  const actors = new Set<CalActor>()
  let last: CalBooking | undefined = first
  for (let moves = 0; last?.isCancelled && last.rescheduledToUid && moves < 20; moves++) {
    const next: CalBooking | undefined = await fetchCalBooking(calcom, last.rescheduledToUid)
    actors.add(last.changedBy === 'unknown' && next ? next.changedBy : last.changedBy)
    last = next
  }
  if (last?.isCancelled) actors.add(last.changedBy)
  return {
    movedTo: last?.isCancelled ? undefined : last,
    by: actors.size === 1 ? [...actors][0]! : 'unknown',
  }
}

/** For reconciliation: follows what changed in Cal.com since the last time, also without a webhook. */
export async function followCalendars(ctx: Context): Promise<void> {
  const time = now()
  const isAnyAhead = await ctx.db
    .selectFrom('bookings')
    .select('id')
    .where('state', '=', 'created')
    .where('calendar', '=', 'calcom')
    .where('startAt', '>', time)
    .executeTakeFirst()
  const { followedUntil } = await ctx.db
    .selectFrom('calendarCursors')
    .select('followedUntil')
    .executeTakeFirstOrThrow()
  if (isAnyAhead) {
    // A time ahead of now is from before the clock was moved back. Two minutes for clocks that differ.
    const since = followedUntil && followedUntil <= time ? addMinutes(followedUntil, -2) : addDays(time, -2)
    const changed = await listChanged(ctx, since)
    await followEach(ctx, [
      ...changed.filter(({ isCancelled }) => isCancelled).map(({ uid }) => uid),
      ...(await quarantinedKeys(ctx.db, kind)),
    ])
  }
  await ctx.db.updateTable('calendarCursors').set({ followedUntil: time }).execute()
}

/** In the platform's account and in each that a host connected. One key that is refused hides no other. */
async function listChanged(ctx: Context, since: Date): Promise<CalBooking[]> {
  const changed = await listChangedCalBookings(ctx.calcom, since)
  const connections = await ctx.db.selectFrom('calcomConnections').select('hostId').execute()
  for (const { hostId } of connections)
    try {
      changed.push(...(await listChangedCalBookings(await findCalcom(ctx, hostId), since)))
    } catch (error) {
      if (!(error instanceof ProviderError) || error.ambiguous) throw error
    }
  return changed
}

const kind = 'follow-calendar'

/** One that cannot be followed is tried again later, and the others are followed all the same. */
async function followEach(ctx: Context, uids: string[]): Promise<void> {
  if (uids.length === 0) return
  const ours = await ctx.db
    .selectFrom('bookings')
    .select(['id', 'calBookingUid as uid'])
    .where('calBookingUid', 'in', uids)
    .execute()
  // In the order of the changes at Cal.com.
  ours.sort((one, other) => uids.indexOf(one.uid!) - uids.indexOf(other.uid!))
  await eachAlone(ctx.db, ours, {
    kind,
    keyOf: ({ uid }) => uid!,
    act: ({ uid }) => followCalendar(ctx, uid!),
    taskFor: ({ id }, lastError) => ({
      kind: 'calendar',
      bookingId: id,
      sentence: `A change inside Cal.com could not be followed: ${lastError}. Please ask the host what was changed.`,
    }),
  })
}
