// Follows what a host cancels or moves inside Cal.com. The booking is fetched again before anything changes.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
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
    await inTransaction(ctx.db, (tx) =>
      enqueue(tx, 'release-calendar', {
        calBookingUid: movedTo.uid,
        reason: 'The member has another session at this time',
      }),
    )
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
    await confirmTime(tx, changed, { uid: movedTo.uid, url: calBookingUrl(movedTo.uid) })
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
    for (const { uid, isCancelled } of changed) if (isCancelled) await followCalendar(ctx, uid)
  }
  await ctx.db.updateTable('calendarCursors').set({ followedUntil: time }).execute()
}
