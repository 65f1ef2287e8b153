// One of the two says that they are done, so the session is settled now if it can be.
import { Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Participant } from '../bookings/participant.ts'
import type { Context } from '../context.ts'
import { findOwnBooking } from './find-own-booking.ts'
import { settleSession } from './settle-session.ts'

/** Settles where both have left or the time is up. Refuses with conflict otherwise. */
export async function completeSession(ctx: Context, who: Participant, bookingId: string): Promise<void> {
  const { booking } = await findOwnBooking(ctx, who, bookingId)
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
