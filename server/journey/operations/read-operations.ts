// What waits for an operator: reports by urgency, those that wait longest first; then the newest; and a few
// counts.
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import type { Place } from '../hosts/host.ts'
import { findUnpayable } from '../payouts/find-unpayable.ts'
import type { Operations } from './operations-view.ts'

const hasTimes = sql<boolean>`(cal_username is not null or weekly_hours <> '[]' or date_overrides <> '[]')`
const isUnready = sql<boolean>`
  status = 'Active' and verification_status = 'Verified' and (not ${hasTimes} or not can_be_paid)`

export async function readOperations(db: Db): Promise<Operations> {
  const tasks = await db
    .selectFrom('operatorTasks')
    .leftJoin('bookings', 'bookings.id', 'operatorTasks.bookingId')
    .leftJoin('purchases', 'purchases.id', 'operatorTasks.purchaseId')
    .leftJoin('members', (join) =>
      join.on('members.id', '=', (eb) =>
        eb.fn.coalesce('operatorTasks.memberId', 'bookings.memberId', 'purchases.memberId'),
      ),
    )
    .leftJoin('hosts', (join) =>
      join.on('hosts.id', '=', (eb) => eb.fn.coalesce('operatorTasks.hostId', 'bookings.hostId')),
    )
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
    .orderBy('operatorTasks.urgency', 'desc')
    .orderBy((eb) => sql`case when ${eb.ref('operatorTasks.urgency')} > 0 then operator_tasks.created_at end`)
    .orderBy('operatorTasks.createdAt', 'desc')
    .orderBy('operatorTasks.id', 'desc')
    .limit(200)
    .execute()
  const waiting = await db
    .selectFrom('operatorTasks')
    .select(['kind', (eb) => eb.fn.countAll<number>().as('count')])
    .where('resolvedAt', 'is', null)
    .groupBy('kind')
    .orderBy('count', 'desc')
    .orderBy('kind')
    .execute()
  const { rows } = await sql<Operations['counts']>`
        select (select count(*) from members where erased_at is null) as members_total,
          (select count(*) from hosts where status = 'Active') as hosts_active,
          (select count(*) from hosts where ${isUnready}) as hosts_unready,
          (select count(*) from purchases where status = 'paid') as purchases_paid,
          (select count(*) from bookings where state = 'created') as bookings_live,
          (select count(*) from messages where status = 'waiting') as messages_waiting,
          (select count(*) from pgboss.job where state = 'failed') as jobs_failed`.execute(db)
  const { rows: unready } = await sql<Omit<Operations['unreadyHosts'][number], 'unpayableCountry'> & Place>`
    select id, full_name, ${hasTimes} as has_times, can_be_paid, onboarding_status, country, time_zone
    from hosts where ${isUnready} order by full_name, id limit 50`.execute(db)
  const countries = await findUnpayable(db, unready)
  return {
    unreadyHosts: unready.map(({ country: _country, timeZone: _zone, ...host }, index) => ({
      ...host,
      unpayableCountry: countries[index]!,
    })),
    tasks: tasks.map((task) => ({
      id: task.id,
      kind: task.kind,
      urgency: task.urgency,
      sentence: task.sentence,
      createdAt: task.createdAt.toISOString(),
      bookingId: task.bookingId,
      purchaseId: task.purchaseId ?? task.bookedPurchaseId,
      memberName: task.memberName,
      hostName: task.hostName,
      hasEndedSession:
        task.kind === 'report' && task.bookingState === 'created' && task.bookingOutcome === 'unknown',
      session:
        task.bookingId !== null &&
        task.memberName !== null &&
        task.memberNumber !== null &&
        task.hostName !== null
          ? {
              memberName: task.memberName,
              memberNumber: task.memberNumber,
              hostName: task.hostName,
              hostNumber: task.hostNumber,
              start: task.startAt?.toISOString() ?? null,
            }
          : null,
    })),
    waiting,
    counts: rows[0]!,
  }
}
