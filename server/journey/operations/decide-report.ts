// An operator has looked at what one person reports of another. What becomes of a session that a report
// ended is decided here, and who asked is told what was decided, as it is.
import type { Tx } from '../../db/client.ts'
import { enqueue, type MessageJob } from '../../db/jobs.ts'
import { Refusal } from '../../lib/errors.ts'
import { addHours, now } from '../../lib/time.ts'
import { type BookingRow, changeBooking, lockBooking } from '../bookings/change-booking.ts'
import type { Role } from '../bookings/participant.ts'
import type { Context } from '../context.ts'
import type { Decision } from './task.ts'

/** Refuses with invalid_input where a session waits and the decision does not say what becomes of it. */
export async function decideReport(
  ctx: Context,
  tx: Tx,
  taskId: string,
  decision: Decision | undefined,
): Promise<void> {
  const reports = await tx
    .selectFrom('reports')
    .innerJoin('bookings', 'bookings.id', 'reports.bookingId')
    .select(['reports.bookingId', 'reports.attempt', 'reports.reporter', 'reports.hasEndedSession'])
    .select(['bookings.memberId', 'bookings.hostId'])
    .where('reports.taskId', '=', taskId)
    .orderBy('reports.createdAt', 'desc')
    .execute()
  const [latest] = reports
  if (!latest) return
  const said = outcomeOf(decision)
  let decided: BookingRow | undefined
  for (const report of reports.filter((one) => one.hasEndedSession)) {
    const booking = await lockBooking(tx, report.bookingId)
    const isWaiting =
      booking?.state === 'created' && booking.outcome === 'unknown' && booking.attempt === report.attempt
    if (!booking || !isWaiting) continue
    if (!said)
      throw new Refusal(
        'invalid_input',
        'Please say what becomes of this session: decided_for_host or decided_for_member.',
      )
    decided = booking
    await changeBooking(tx, booking, said.event, {
      payoutDelayHours: ctx.config.payoutDelayHours,
      ...(said.event === 'decided_for_member' ? { set: { outcome: null } } : {}),
    })
  }
  const told = new Set<Role>([latest.reporter, ...(decided ? (['member'] as const) : [])])
  for (const recipient of told)
    await tell(tx, taskId, { ...latest, bookingId: decided?.id ?? latest.bookingId }, recipient, {
      decision: decided && said ? said.words : 'apart',
    })
}

function outcomeOf(decision: Decision | undefined) {
  if (decision === 'decided_for_host') return { event: decision, words: 'for_host' as const }
  if (decision === 'decided_for_member') return { event: decision, words: 'for_member' as const }
  return undefined
}

async function tell(
  tx: Tx,
  taskId: string,
  { bookingId, memberId, hostId }: { bookingId: string; memberId: string; hostId: string },
  recipient: Role,
  what: Pick<MessageJob, 'decision'>,
): Promise<void> {
  await enqueue(tx, 'send-message', {
    key: `report-decided:${taskId}:${recipient}`,
    template: 'Report Decided',
    recipient,
    bookingId,
    memberId,
    hostId,
    usefulUntil: addHours(now(), 72).toISOString(),
    ...what,
  })
}
