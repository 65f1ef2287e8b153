// Somebody reports a problem, and an operator sees it at once with what we know of the session. Whoever
// reports may end the session for both. Then nobody is thanked or paid by rule, and the operator decides.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { notFound } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { addMinutes, now } from '../../lib/time.ts'
import { changeBooking, lockBooking } from '../bookings/change-booking.ts'
import type { Participant } from '../bookings/participant.ts'
import { roomClosesAt } from '../bookings/room-window.ts'
import type { Context } from '../context.ts'
import { findOwnBooking } from './find-own-booking.ts'
import { readStays } from './record-stay.ts'
import { roomName } from './room.ts'

export async function reportSession(
  ctx: Context,
  who: Participant,
  bookingId: string,
  report: { text: string; endsSession: boolean },
): Promise<void> {
  const { role } = await findOwnBooking(ctx, who, bookingId)
  await inTransaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, bookingId)
    if (!booking) throw notFound('session')
    const { attempt } = booking
    const isUndecided = booking.state === 'created' && booking.startAt !== null
    const hasEndedSession = report.endsSession && (isUndecided || booking.roomStatus === 'active')
    const reportId = newId()
    const names = await tx
      .selectFrom('bookings')
      .innerJoin('hosts', 'hosts.id', 'bookings.hostId')
      .innerJoin('members', 'members.id', 'bookings.memberId')
      .select(['hosts.fullName as host', 'members.fullName as member'])
      .where('bookings.id', '=', bookingId)
      .executeTakeFirstOrThrow()
    const evidence = {
      names,
      attempt,
      state: booking.state,
      outcome: booking.outcome,
      startAt: booking.startAt,
      endAt: booking.endAt,
      room: roomName(bookingId, attempt),
      stays: await readStays(tx, bookingId, attempt),
    }
    await tx
      .insertInto('reports')
      .values({
        id: reportId,
        bookingId,
        attempt,
        reporter: role,
        body: report.text,
        createdAt: now(),
        evidence: JSON.stringify(evidence),
        hasEndedSession,
      })
      .execute()
    await addOperatorTask(tx, {
      key: `report:${reportId}`,
      kind: 'report',
      bookingId,
      sentence: `${names[role]} (${role}) reported a problem with the session${hasEndedSession ? ' and ended it' : ''}: "${report.text.slice(0, 300)}"`,
    })
    if (!hasEndedSession) return
    if (isUndecided && booking.outcome === null) await changeBooking(tx, booking, 'ended_by_report')
    else await enqueue(tx, 'close-room', { bookingId, attempt })
    if (booking.endAt)
      await enqueue(
        tx,
        'complete-attendance',
        { bookingId, attempt },
        { at: addMinutes(roomClosesAt(booking.endAt), 2) },
      )
  })
}
