// A person says that they have left. That only makes us look: the attendance in the room decides.
import type { Selectable } from 'kysely'
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import type { Bookings } from '../../db/schema.generated.ts'
import { ProviderError } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { findOwnBooking } from './find-own-booking.ts'
import { otherOf, type Participant, type Role } from '../bookings/participant.ts'
import { readStays } from './record-stay.ts'
import { hasBeenIn, mayLeaveAt } from './room.ts'
import { settleSession } from './settle-session.ts'

/**
 * If they leave after waiting five minutes for somebody who did not come, the outcome is recorded at once.
 * Otherwise a job looks after a while, since they may come back.
 */
export async function leaveRoom(ctx: Context, who: Participant, bookingId: string): Promise<void> {
  const { booking, role } = await findOwnBooking(ctx, who, bookingId)
  if (booking.state !== 'created') return
  const mayLeave = await recordedLeaveAt(ctx, booking, role)
  if (mayLeave && now() >= mayLeave) {
    const settlement = await settleSession(ctx, bookingId, booking.attempt, { waited: role }).catch(
      (error: unknown) => {
        // Daily is silent: at the end the rule gives the same outcome.
        if (error instanceof ProviderError) return 'too_early'
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
 * From when `role` may leave with the other's absence recorded; undefined if the other has been there since
 * the start.
 */
export async function recordedLeaveAt(ctx: Context, booking: Timed, role: Role): Promise<Date | undefined> {
  if (booking.state !== 'created' || !booking.startAt) return undefined
  const stays = await readStays(ctx.db, booking.id, booking.attempt)
  return hasBeenIn(stays, otherOf(role), booking.startAt, now()) ? undefined : mayLeaveAt(booking.startAt)
}
