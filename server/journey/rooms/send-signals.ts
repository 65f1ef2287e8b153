// What one browser in a room tells the other so that they can connect. Stored, so that the other can fetch it
// from any process.
import { inTransaction } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { addMinutes, now, toRealTime } from '../../lib/time.ts'
import { otherOf, type Participant } from '../bookings/participant.ts'
import type { Context } from '../context.ts'
import { ownVisit } from './record-visit.ts'
import { signalMinutes } from './visit.ts'

export type NewSignal = {
  /** The sender's own count, so that sending again is harmless. */
  number: number
  body: Record<string, unknown>
}

const maxWaiting = 500

/**
 * Refuses: not_found (also for a visit to another session), too_many_requests. Signals to a visit that has
 * ended are dropped.
 */
export async function sendSignals(
  ctx: Context,
  who: Participant,
  bookingId: string,
  visitId: string,
  to: string,
  signals: NewSignal[],
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const visit = await ownVisit(tx, who, bookingId, visitId)
    const other = await tx
      .selectFrom('visits')
      .innerJoin('bookings', 'bookings.id', 'visits.bookingId')
      .select(['visits.role', 'bookings.memberId', 'bookings.hostId'])
      .where('visits.id', '=', to)
      .where('visits.bookingId', '=', bookingId)
      .where('visits.attempt', '=', visit.attempt)
      .where('visits.role', '=', otherOf(visit.role))
      .executeTakeFirst()
    if (!other) throw notFound('session')
    if (visit.endedBy !== null && visit.endedBy !== 'lost') return
    const { waiting } = await tx
      .selectFrom('signals')
      .select((eb) => eb.fn.countAll<number>().as('waiting'))
      .where('toVisit', '=', to)
      .executeTakeFirstOrThrow()
    if (waiting + signals.length > maxWaiting)
      throw new Refusal('too_many_requests', 'Too much was sent at once.')
    // On real time, as presence is: moving the clock must not lose what two browsers tell each other.
    const expiresAt = addMinutes(toRealTime(now()), signalMinutes)
    await tx
      .insertInto('signals')
      .values(
        signals.map(({ number, body }) => ({
          toVisit: to,
          fromVisit: visitId,
          number,
          body: JSON.stringify(body),
          expiresAt,
        })),
      )
      .onConflict((conflict) => conflict.columns(['fromVisit', 'toVisit', 'number']).doNothing())
      .execute()
    await announce(tx, {
      topics: ['signals'],
      ...(other.role === 'member' ? { memberId: other.memberId } : { hostId: other.hostId }),
    })
  })
}
