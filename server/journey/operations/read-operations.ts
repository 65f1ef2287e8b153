// What waits for an operator, the oldest first, and a few counts.
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import type { OperatorTaskKind } from '../../lib/operator-task.ts'
import type { Operations } from './operations-view.ts'

export async function readOperations(db: Db): Promise<Operations> {
  const tasks = await db
    .selectFrom('operatorTasks')
    .leftJoin('bookings', 'bookings.id', 'operatorTasks.bookingId')
    .leftJoin('members', 'members.id', 'bookings.memberId')
    .leftJoin('hosts', 'hosts.id', 'bookings.hostId')
    .selectAll('operatorTasks')
    .select([
      'bookings.startAt',
      'bookings.state as bookingState',
      'bookings.outcome as bookingOutcome',
      'members.fullName as memberName',
      'members.mobileNumber as memberNumber',
      'hosts.fullName as hostName',
      'hosts.mobileNumber as hostNumber',
      'bookings.purchaseId as bookedPurchaseId',
    ])
    .where('operatorTasks.resolvedAt', 'is', null)
    .orderBy('operatorTasks.createdAt')
    .limit(200)
    .execute()
  const { rows } = await sql<Operations['counts']>`
        select (select count(*) from members) as members_total,
          (select count(*) from hosts where status = 'Active') as hosts_active,
          (select count(*) from purchases where status = 'paid') as purchases_paid,
          (select count(*) from bookings where state = 'created') as bookings_live,
          (select count(*) from messages where status = 'waiting') as messages_waiting,
          (select count(*) from pgboss.job where state = 'failed') as jobs_failed`.execute(db)
  return {
    tasks: tasks.map((task) => ({
      id: task.id,
      // addOperatorTask is the only writer.
      kind: task.kind as OperatorTaskKind,
      sentence: task.sentence,
      createdAt: task.createdAt.toISOString(),
      bookingId: task.bookingId,
      purchaseId: task.purchaseId ?? task.bookedPurchaseId,
      hasEndedSession:
        task.kind === 'report' && task.bookingState === 'created' && task.bookingOutcome === 'unknown',
      session:
        task.memberName !== null && task.memberNumber !== null && task.hostName !== null
          ? {
              memberName: task.memberName,
              memberNumber: task.memberNumber,
              hostName: task.hostName,
              hostNumber: task.hostNumber,
              start: task.startAt?.toISOString() ?? null,
            }
          : null,
    })),
    counts: rows[0]!,
  }
}
