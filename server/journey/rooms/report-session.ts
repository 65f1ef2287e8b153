// Somebody reports a person they have a session with, for as long as the session is kept. From then on the
// two are kept apart, a session ahead of them is ended by us, and operators hear of it at once. Whoever
// reports may end a session under way for both. Then nobody is thanked or paid by rule, and the operator
// decides.
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { addHours, addMinutes, now } from '../../lib/time.ts'
import { type BookingRow, changeBooking, lockBooking } from '../bookings/change-booking.ts'
import { lockCalendars } from '../bookings/lock-calendars.ts'
import type { Role } from '../bookings/participant.ts'
import { roomClosesAt } from '../bookings/room-window.ts'
import { setBlock } from '../bookings/set-block.ts'
import type { Context } from '../context.ts'
import { addReportTask } from './add-report-task.ts'
import { readStays } from './record-stay.ts'
import { reportsPerHour, type Urgency, urgencyOf } from './report.ts'
import { roomName } from './room.ts'

export type NewReport = { text: string; endsSession: boolean }

/** Refuses: not_found; too_many_requests, with what to do where it cannot wait. */
export async function reportSession(
  ctx: Context,
  of: { bookingId: string; role: Role },
  report: NewReport,
): Promise<void> {
  const pair = await findPair(ctx.db, of.bookingId)
  const urgency = urgencyOf(report.text)
  await inTransaction(ctx.db, async (tx) => {
    await lockCalendars(tx, pair)
    if (await isRepeated(tx, of, report)) return
    await requireFewReports(tx, of, pair, urgency)
    await recordReport(ctx, tx, of, { ...report, urgency })
  })
}

/** The calendars of both are locked. */
export async function recordReport(
  ctx: Context,
  tx: Tx,
  { bookingId, role }: { bookingId: string; role: Role },
  report: NewReport & { urgency: Urgency },
): Promise<void> {
  const before = await lockBooking(tx, bookingId)
  if (!before) throw notFound('session')
  const evidence = await readEvidence(tx, before)
  await setBlock(tx, before, role)
  const booking = (await lockBooking(tx, bookingId))!
  const { attempt } = booking
  const isUnderWay = booking.state === 'created' && booking.outcome === null
  const hasEndedSession = report.endsSession && (isUnderWay || booking.roomStatus === 'active')
  const reportId = newId()
  await tx
    .insertInto('reports')
    .values({
      id: reportId,
      bookingId,
      attempt: before.attempt,
      reporter: role,
      body: report.text,
      urgency: report.urgency,
      createdAt: now(),
      evidence: JSON.stringify(evidence),
      hasEndedSession,
    })
    .execute()
  await addReportTask(ctx, tx, { reportId, bookingId, pair: before, role })
  if (!hasEndedSession) return
  if (isUnderWay) await changeBooking(tx, booking, 'ended_by_report')
  else await enqueue(tx, 'close-room', { bookingId, attempt })
  if (booking.endAt)
    await enqueue(
      tx,
      'complete-attendance',
      { bookingId, attempt },
      { at: addMinutes(roomClosesAt(booking.endAt), 2) },
    )
}

/** What was known of the session when it was reported. */
async function readEvidence(tx: Tx, booking: BookingRow) {
  const names = await tx
    .selectFrom('bookings')
    .innerJoin('hosts', 'hosts.id', 'bookings.hostId')
    .innerJoin('members', 'members.id', 'bookings.memberId')
    .select(['hosts.fullName as host', 'members.fullName as member'])
    .where('bookings.id', '=', booking.id)
    .executeTakeFirstOrThrow()
  return {
    names,
    attempt: booking.attempt,
    state: booking.state,
    outcome: booking.outcome,
    startAt: booking.startAt,
    endAt: booking.endAt,
    room: roomName(booking.id, booking.attempt),
    stays: await readStays(tx, booking.id, booking.attempt),
  }
}

async function findPair(db: Db, bookingId: string): Promise<{ hostId: string; memberId: string }> {
  const pair = await db
    .selectFrom('bookings')
    .select(['hostId', 'memberId'])
    .where('id', '=', bookingId)
    .executeTakeFirst()
  if (!pair) throw notFound('session')
  return pair
}

/** A double tap, or the same words again. */
async function isRepeated(
  tx: Tx,
  { bookingId, role }: { bookingId: string; role: Role },
  { text, endsSession }: NewReport,
): Promise<boolean> {
  const same = await tx
    .selectFrom('reports')
    .select('hasEndedSession')
    .where('bookingId', '=', bookingId)
    .where('reporter', '=', role)
    .where('body', '=', text)
    .where('createdAt', '>', addHours(now(), -1))
    .orderBy('hasEndedSession', 'desc')
    .executeTakeFirst()
  return same !== undefined && (same.hasEndedSession || !endsSession)
}

async function requireFewReports(
  tx: Tx,
  { role }: { role: Role },
  pair: { hostId: string; memberId: string },
  urgency: Urgency,
): Promise<void> {
  const { count } = await tx
    .selectFrom('reports')
    .innerJoin('bookings', 'bookings.id', 'reports.bookingId')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('reports.reporter', '=', role)
    .where('reports.urgency', '=', urgency)
    .where('reports.createdAt', '>', addHours(now(), -1))
    .where(
      role === 'host' ? 'bookings.hostId' : 'bookings.memberId',
      '=',
      role === 'host' ? pair.hostId : pair.memberId,
    )
    .executeTakeFirstOrThrow()
  if (count < reportsPerHour[urgency]) return
  throw new Refusal(
    'too_many_requests',
    'We have your reports and are looking at them. If you are in danger, call 000 or your local emergency number now.',
  )
}
