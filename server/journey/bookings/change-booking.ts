// The only place that changes a booking's state. The table in booking.ts says what an event does; this does
// it, in the caller's transaction, with everything that follows as jobs in the same transaction.
import type { Selectable, Updateable } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { recordChanged } from '../../db/record-changes.ts'
import type { Bookings } from '../../db/schema.generated.ts'
import { Refusal } from '../../lib/errors.ts'
import { addDays, addHours, addMinutes, now } from '../../lib/time.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { findTerms } from '../purchases/find-terms.ts'
import { roomClosesAt, roomOpensAt, roomPreparedAt } from './room-window.ts'
import { type BookingEvent, type Effect, transition } from './booking.ts'

export type BookingRow = Selectable<Bookings>

/** A booking, locked for the rest of the transaction, with its purchase's terms. */
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
 * Refuses with `conflict` where the event does not apply to the state. Answers the changed row.
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
      // Kept after the time is given back, so that a calendar file can take it out of people's calendars.
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
    await perform(tx, effect, { before: booking, after: changed, event, change })
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

type Step = { before: BookingRow; after: BookingRow; event: BookingEvent; change: Change }

async function perform(tx: Tx, effect: Effect, step: Step): Promise<void> {
  const { before, after } = step
  const attempt = { bookingId: before.id, attempt: before.attempt }
  switch (effect) {
    case 'book_calendar':
      return bookCalendarLater(tx, step)
    case 'release_calendar':
      return releaseCalendar(tx, before)
    case 'plan_room':
      await enqueue(
        tx,
        'prepare-room',
        { bookingId: after.id, attempt: after.attempt },
        { at: roomPreparedAt(after.startAt!) },
      )
      await enqueue(
        tx,
        'daily-create-room',
        { bookingId: after.id, attempt: after.attempt },
        { at: roomOpensAt(after.startAt!) },
      )
      return enqueue(
        tx,
        'settle-session',
        { bookingId: after.id, attempt: after.attempt },
        { at: after.endAt! },
      )
    case 'close_room': {
      const endedByTime =
        step.event === 'held' || step.event === 'member_absent' || step.event === 'host_absent'
      return enqueue(
        tx,
        'close-room',
        attempt,
        endedByTime && before.endAt ? { at: roomClosesAt(before.endAt) } : {},
      )
    }
    case 'earn':
      return earn(tx, after)
    case 'pay_host':
      await tx.updateTable('bookings').set({ payoutStatus: 'scheduled' }).where('id', '=', after.id).execute()
      return enqueue(
        tx,
        'pay-host',
        { bookingId: after.id },
        { at: addHours(now(), step.change.payoutDelayHours ?? 0) },
      )
    case 'extend_validity':
      return extendValidity(tx, after)
    case 'mark_absent':
      return markAbsent(tx, before, step.event)
    case 'tell_moved':
      // Told when the host's calendar has the new time; see confirm-time.ts.
      await tx
        .updateTable('bookings')
        .set({ movedFromAt: before.startAt })
        .where('id', '=', after.id)
        .execute()
      return
    case 'tell_cancelled':
      return tellBoth(tx, 'Session Cancelled', before, step.event)
    case 'tell_host_failed':
      return tell(tx, 'Host No-Show', 'member', before)
    case 'tell_thanks':
      return tell(tx, 'Session Thank You', 'member', before)
    case 'ask_operator':
      return addOperatorTask(tx, {
        key: `attendance:${before.id}:${before.attempt}`,
        kind: 'attendance_unknown',
        bookingId: before.id,
        sentence:
          'The video provider sent no sign of anybody in this session. Please ask both people and decide what happened.',
      })
  }
}

/** Cal.com is asked right after the commit; this job takes over when that did not end. */
async function bookCalendarLater(tx: Tx, { after }: Step): Promise<void> {
  if (after.calendar !== 'calcom') return
  await enqueue(
    tx,
    'book-calendar',
    { bookingId: after.id, attempt: after.attempt },
    { at: new Date(now().getTime() + 10_000) },
  )
}

async function releaseCalendar(tx: Tx, before: BookingRow): Promise<void> {
  if (!before.calBookingUid) return
  await enqueue(tx, 'release-calendar', {
    calBookingUid: before.calBookingUid,
    reason: 'Cancelled in Presence',
  })
}

/** The host's Cal.com calendar is told who did not come. */
async function markAbsent(tx: Tx, before: BookingRow, event: BookingEvent): Promise<void> {
  if (!before.calBookingUid) return
  const absent = event === 'host_absent' ? 'host' : 'member'
  await enqueue(tx, 'mark-absent', { calBookingUid: before.calBookingUid, absent, memberId: before.memberId })
}

async function earn(tx: Tx, booking: BookingRow): Promise<void> {
  const purchase = await tx
    .selectFrom('purchases')
    .select(['id', 'currency'])
    .where('id', '=', booking.purchaseId)
    .executeTakeFirstOrThrow()
  const hostCents = booking.hostCents - booking.hostRefundedCents
  await postEntries(tx, purchase, {
    kind: 'completed',
    key: `completed:${booking.id}`,
    bookingId: booking.id,
    hostId: booking.hostId,
    hostCents,
    platformCents: booking.amountCents - booking.refundedCents - hostCents,
  })
}

async function extendValidity(tx: Tx, booking: BookingRow): Promise<void> {
  const terms = await findTerms(tx, booking.purchaseId)
  // A late decision must not give back a session that has expired meanwhile.
  const from = booking.validUntil > now() ? booking.validUntil : now()
  const validUntil = addDays(from, terms.hostFailureExtensionDays)
  await tx
    .updateTable('bookings')
    .set({ validUntil, refundOfferedAt: now() })
    .where('id', '=', booking.id)
    .execute()
  await enqueue(tx, 'expire-booking', { bookingId: booking.id }, { at: validUntil })
  await enqueue(
    tx,
    'warn-expiry',
    { bookingId: booking.id },
    { at: addHours(validUntil, -terms.expiryWarningHours) },
  )
}

async function tellBoth(tx: Tx, template: string, booking: BookingRow, event: BookingEvent): Promise<void> {
  await tell(tx, template, 'member', booking, event)
  await tell(tx, template, 'host', booking, event)
}

/** One message per event, attempt and recipient; of no use a day after the session would have ended. */
async function tell(
  tx: Tx,
  template: string,
  recipient: 'host' | 'member',
  booking: BookingRow,
  event?: BookingEvent,
): Promise<void> {
  const words = template.toLowerCase().replaceAll(' ', '-')
  await enqueue(tx, 'send-message', {
    key: `${words}:${booking.id}:${booking.attempt}:${recipient}${event ? `:${event}` : ''}`,
    template,
    recipient,
    bookingId: booking.id,
    memberId: booking.memberId,
    hostId: booking.hostId,
    usefulUntil: addMinutes(booking.endAt ?? now(), 24 * 60).toISOString(),
    ...(booking.startAt ? { startAt: booking.startAt.toISOString() } : {}),
  })
}
