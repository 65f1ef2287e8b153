// A person says that they have left or are done. It only makes us look: the video provider's events say who
// was there.
import type { Selectable } from 'kysely'
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import type { Bookings } from '../../db/schema.generated.ts'
import { notFound, ProviderError, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { type Participant, roleOf } from './join-room.ts'
import { readStays } from './record-attendance.ts'
import { hasBeenIn, mayLeaveAt, otherOf, type Stay } from './room.ts'
import { settleSession } from './settle-session.ts'

/** The booking of one of its two people; not_found for anybody else. */
export async function ownBooking(ctx: Context, who: Participant, bookingId: string) {
  const booking = await ctx.db
    .selectFrom('bookings')
    .selectAll()
    .where('id', '=', bookingId)
    .executeTakeFirst()
  const role = booking && roleOf(booking, who)
  if (!booking || !role) throw notFound('session')
  return { booking, role }
}

/**
 * Who leaves after waiting five minutes for somebody who did not come has the outcome recorded at once.
 * Otherwise it is looked at after a while, since they may come back.
 */
export async function leaveRoom(ctx: Context, who: Participant, bookingId: string): Promise<void> {
  const { booking, role } = await ownBooking(ctx, who, bookingId)
  if (booking.state !== 'created') return
  const mayLeave = await recordedLeaveAt(ctx, booking, role)
  if (mayLeave && now() >= mayLeave) {
    const settlement = await settleSession(ctx, bookingId, booking.attempt, { waited: role }).catch(
      (error: unknown) => {
        if (error instanceof ProviderError) return 'too_early' // Daily is silent: at the end the rule comes to the same
        throw error
      },
    )
    if (settlement !== 'too_early') return
  }
  await inTransaction(ctx.db, (tx) =>
    enqueue(
      tx,
      'settle-session',
      { bookingId, attempt: booking.attempt },
      { at: new Date(now().getTime() + 35_000) },
    ),
  )
}

type Timed = Pick<Selectable<Bookings>, 'id' | 'attempt' | 'state' | 'startAt'>

/**
 * From when on `role` may leave with the other's absence recorded; undefined once the other has been there
 * since the start.
 */
export async function recordedLeaveAt(
  ctx: Context,
  booking: Timed,
  role: Stay['role'],
): Promise<Date | undefined> {
  if (booking.state !== 'created' || !booking.startAt) return undefined
  const stays = await readStays(ctx.db, booking.id, booking.attempt)
  return hasBeenIn(stays, otherOf(role), booking.startAt, now()) ? undefined : mayLeaveAt(booking.startAt)
}

/** Settles now, if both have left or the time is up; refuses with conflict otherwise. */
export async function completeSession(ctx: Context, who: Participant, bookingId: string): Promise<void> {
  const { booking } = await ownBooking(ctx, who, bookingId)
  if (booking.state !== 'created') return
  if (now() < booking.startAt!) throw new Refusal('conflict', 'This session has not started yet.')
  const settlement = await settleSession(ctx, bookingId, booking.attempt, 'both_done')
  if (settlement === 'too_early') {
    throw new Refusal(
      'conflict',
      'The session is still going on. It ends when both have left, or when its time is up.',
    )
  }
}

/** A member's private words after a session; nobody else ever reads them. */
export async function saveReflection(
  ctx: Context,
  memberId: string,
  bookingId: string,
  text: string,
): Promise<void> {
  const saved = await ctx.db
    .updateTable('bookings')
    .set({ reflection: text })
    .where('id', '=', bookingId)
    .where('memberId', '=', memberId)
    .executeTakeFirst()
  if (saved.numUpdatedRows !== 1n) throw notFound('session')
}
