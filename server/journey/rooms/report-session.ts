// Something was wrong: an operator sees it at once, with what we know of the session at that moment. Whoever reports may
// end the session for both; what it means for money is decided by the rules, and by the operator afterwards.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { askOperator } from '../../db/operator-tasks.ts'
import { newId } from '../../lib/ids.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { Participant } from './join-room.ts'
import { ownBooking } from './leave-room.ts'
import { readStays } from './record-attendance.ts'
import { roomName } from './room.ts'

export async function reportSession(ctx: Context, who: Participant, bookingId: string, report: { text: string; endsSession: boolean }): Promise<void> {
  const { booking, role } = await ownBooking(ctx, who, bookingId)
  const { attempt } = booking
  const hasEndedSession = report.endsSession && booking.state === 'created'
  await inTransaction(ctx.db, async (tx) => {
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
      .values({ id: reportId, bookingId, reporter: role, body: report.text, createdAt: now(), evidence: JSON.stringify(evidence), hasEndedSession })
      .execute()
    await askOperator(tx, {
      key: `report:${reportId}`,
      kind: 'report',
      bookingId,
      sentence: `${names[role]} (${role}) reported a problem with the session${hasEndedSession ? ' and ended it' : ''}: "${report.text.slice(0, 300)}"`,
    })
    if (hasEndedSession) await enqueue(tx, 'close-room', { bookingId, attempt })
  })
}
