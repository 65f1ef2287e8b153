// What follows from a booking's event, effect by effect: rows and jobs in the transaction of the change.
import type { Selectable } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import type { Bookings } from '../../db/schema.generated.ts'
import { addHours, addMinutes, now } from '../../lib/time.ts'
import { postEntries } from '../purchases/post-entries.ts'
import type { BookingEvent, Effect } from './booking.ts'
import { dropEntries } from './drop-entries.ts'
import { extendValidity } from './extend-validity.ts'
import { roomClosesAt, roomOpensAt, roomPreparedAt } from './room-window.ts'

type BookingRow = Selectable<Bookings>
/** One change of a booking: the row before and after the event. */
export type Step = { before: BookingRow; after: BookingRow; event: BookingEvent; payoutDelayHours: number }

export async function applyEffect(tx: Tx, effect: Effect, step: Step): Promise<void> {
  const { before, after } = step
  const attempt = { bookingId: before.id, attempt: before.attempt }
  switch (effect) {
    case 'book_calendar':
      return bookCalendarLater(tx, step)
    case 'release_calendar':
      return dropEntries(tx, before.id, 'Cancelled in Presence')
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
      return enqueue(tx, 'pay-host', { bookingId: after.id }, { at: addHours(now(), step.payoutDelayHours) })
    case 'extend_validity':
      return extendValidity(
        tx,
        after,
        step.event === 'ended_by_us' || step.event === 'decided_for_member' ? 'presence' : 'host',
      )
    case 'mark_absent':
      return markAbsent(tx, before, step.event)
    case 'tell_moved':
      // Both are told when the host's calendar has the new time; see confirm-time.ts.
      await tx
        .updateTable('bookings')
        .set({ movedFromAt: before.startAt })
        .where('id', '=', after.id)
        .execute()
      return
    case 'tell_cancelled':
      return tellBoth(tx, 'Session Cancelled', before, step.event)
    case 'tell_ended':
      return tellBoth(tx, 'Session Ended', before, step.event)
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

/** Cal.com is asked right after the commit. This job takes over if that did not finish. */
async function bookCalendarLater(tx: Tx, { after }: Step): Promise<void> {
  if (after.calendar !== 'calcom') return
  await enqueue(
    tx,
    'book-calendar',
    { bookingId: after.id, attempt: after.attempt },
    { at: new Date(now().getTime() + 10_000) },
  )
}

/** Tells the host's Cal.com calendar who did not come. */
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

async function tellBoth(tx: Tx, template: string, booking: BookingRow, event: BookingEvent): Promise<void> {
  await tell(tx, template, 'member', booking, event)
  await tell(tx, template, 'host', booking, event)
}

/** One message per event, attempt and recipient. A day after the planned end it is of no use. */
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
