// Follows what a host cancels or moves inside Cal.com. The booking is fetched again before anything changes.
import { eachAlone, quarantinedKeys } from '../../calls/each-alone.ts'
import { inTransaction } from '../../db/client.ts'
import {
  type CalBooking,
  calBookingUrl,
  fetchCalBooking,
  listChangedCalBookings,
} from '../../integrations/calcom-bookings.ts'
import { Refusal } from '../../lib/errors.ts'
import { addDays, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { changeBooking, lockBooking } from './change-booking.ts'
import { lockCalendars } from './lock-calendars.ts'
import { confirmTime } from './confirm-time.ts'
import { dropEntriesGone, dropEntryFound } from './drop-entries.ts'
import { recordEntryMoved } from './record-entry.ts'
import { sessionPageOf } from './session-page.ts'
import { requireMeetingPlace } from './set-meeting-place.ts'
import { recordTime } from './take-time.ts'

/** Follows the Cal.com booking that we know as `uid` to where it is now. Ignores what we caused ourselves. */
export async function followCalendar(ctx: Context, uid: string): Promise<void> {
  const ours = await ctx.db
    .selectFrom('bookings')
    .select('id')
    .where('calBookingUid', '=', uid)
    .executeTakeFirst()
  if (!ours) return
  const cal = await fetchCalBooking(ctx.calcom, uid)
  if (!cal?.isCancelled) return
  const movedTo = await lastOf(ctx, cal)
  try {
    await apply(ctx, ours.id, uid, movedTo)
  } catch (error) {
    // The member or the host has another session at the new time, so this one is given back.
    if (!movedTo || !(error instanceof Refusal) || !['time_taken', 'member_busy'].includes(error.code))
      throw error
    await apply(ctx, ours.id, uid, undefined)
    await inTransaction(ctx.db, (tx) => dropEntryFound(tx, ours.id, movedTo.uid))
  }
}

/** Where a chain of moves ends; undefined where it was cancelled in the end. */
async function lastOf(ctx: Context, first: CalBooking): Promise<CalBooking | undefined> {
  let last: CalBooking | undefined = first
  for (let moves = 0; last?.isCancelled && last.rescheduledToUid && moves < 20; moves++)
    last = await fetchCalBooking(ctx.calcom, last.rescheduledToUid)
  return last?.isCancelled ? undefined : last
}

async function apply(
  ctx: Context,
  bookingId: string,
  uid: string,
  movedTo: CalBooking | undefined,
): Promise<void> {
  const who = await ctx.db
    .selectFrom('bookings')
    .select(['hostId', 'memberId'])
    .where('id', '=', bookingId)
    .executeTakeFirstOrThrow()
  await inTransaction(ctx.db, async (tx) => {
    await lockCalendars(tx, who)
    const booking = await lockBooking(tx, bookingId)
    // While `confirming`, our own move is under way, and its answer decides.
    if (
      !booking ||
      booking.state !== 'created' ||
      booking.calBookingUid !== uid ||
      booking.calendarStatus !== 'confirmed'
    )
      return
    if (now() >= booking.startAt!) return
    if (!movedTo) {
      await dropEntriesGone(tx, booking.id)
      await changeBooking(tx, booking, 'host_cancelled')
      return
    }
    const changed = await recordTime(tx, booking, {
      event: 'moved',
      by: 'host',
      start: movedTo.start,
      end: movedTo.end,
      set: { wasMovedByHost: true },
    })
    await recordEntryMoved(tx, changed, movedTo.uid)
    await confirmTime(tx, changed, { uid: movedTo.uid, url: calBookingUrl(movedTo.uid) })
    await requireMeetingPlace(tx, changed, movedTo, sessionPageOf(ctx.config.publicUrl, changed.id))
  })
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
    const changed = await listChangedCalBookings(ctx.calcom, since)
    await followEach(ctx, [
      ...changed.filter(({ isCancelled }) => isCancelled).map(({ uid }) => uid),
      ...(await quarantinedKeys(ctx.db, kind)),
    ])
  }
  await ctx.db.updateTable('calendarCursors').set({ followedUntil: time }).execute()
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
      sentence: `A change that the host made in Cal.com could not be followed: ${lastError}. Please ask the host what they changed.`,
    }),
  })
}
