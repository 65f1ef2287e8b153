// The only place that changes a booking's state. The table in booking.ts says what an event does; here it is
// done in the caller's transaction, and everything that follows is a job in the same transaction.
import type { Selectable, Updateable } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import type { Bookings } from '../../db/schema.generated.ts'
import { Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import { applyEffect } from './apply-effect.ts'
import { type BookingEvent, transition } from './booking.ts'

export type BookingRow = Selectable<Bookings>

/** A booking, locked until the end of the transaction. */
export async function lockBooking(tx: Tx, bookingId: string): Promise<BookingRow | undefined> {
  return tx.selectFrom('bookings').selectAll().where('id', '=', bookingId).forUpdate().executeTakeFirst()
}

export type Change = {
  /** New facts that come with the event: host, start, end, calendar. */
  set?: Updateable<Bookings>
  payoutDelayHours?: number
}

/**
 * Applies `event` to a locked booking: compare-and-set on the old state, then every effect of the table.
 * Refuses with `conflict` where the event does not apply. Answers the changed row.
 */
export async function changeBooking(
  tx: Tx,
  booking: BookingRow,
  event: BookingEvent,
  change: Change = {},
): Promise<BookingRow> {
  const step = transition(booking.state, event)
  if (!step)
    throw new Refusal('conflict', 'This session has changed in the meantime. Please look at it again.')
  const gaveBack = step.to === 'pending' || step.to === 'cancelled'
  const changed = await tx
    .updateTable('bookings')
    .set({
      ...(gaveBack ? clearedTime : {}),
      ...(step.to === 'completed' ? { completedAt: now(), calendarStatus: 'none' as const } : {}),
      ...(step.outcome ? { outcome: step.outcome } : {}),
      ...change.set,
      // Stays when the time is given back, so that a calendar file can remove the entry.
      ...(change.set?.startAt && change.set.endAt
        ? { shownStartAt: change.set.startAt, shownEndAt: change.set.endAt }
        : {}),
      state: step.to,
    })
    .where('id', '=', booking.id)
    .where('state', '=', booking.state)
    .where('attempt', '=', booking.attempt)
    .returningAll()
    .executeTakeFirst()
  if (!changed)
    throw new Refusal('conflict', 'This session has changed in the meantime. Please look at it again.')
  for (const effect of step.effects)
    await applyEffect(tx, effect, {
      before: booking,
      after: changed,
      event,
      payoutDelayHours: change.payoutDelayHours ?? 0,
    })
  await recordChanged(tx, 'Presence Operations', booking.id)
  await announce(tx, { topics: ['bookings', 'host'], memberId: booking.memberId, hostId: changed.hostId })
  if (booking.startAt?.getTime() !== changed.startAt?.getTime()) await announce(tx, { topics: ['slots'] })
  if (booking.hostId !== changed.hostId) await announce(tx, { topics: ['host'], hostId: booking.hostId })
  return changed
}

const clearedTime = {
  startAt: null,
  endAt: null,
  movedFromAt: null,
  calendar: null,
  calendarStatus: 'none',
  calendarAskedAt: null,
  wasMovedByHost: false,
  calBookingUid: null,
  calBookingUrl: null,
  roomStatus: 'not_created',
  hostJoinedAt: null,
  memberJoinedAt: null,
} as const
