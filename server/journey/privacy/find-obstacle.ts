// What stands in the way of erasing somebody: money and sessions are settled first.
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
import type { Obstacle } from './deletion.ts'

type Leaving = { memberId: string | null; hostId: string | null }

export async function findObstacle(tx: Tx, { memberId, hostId }: Leaving): Promise<Obstacle | undefined> {
  const { rows } = await sql<{ obstacle: Obstacle }>`
    select 'suspended' as obstacle from members where id = ${memberId} and status = 'Suspended'
    union all select 'suspended' from hosts where id = ${hostId} and status = 'Suspended'
    union all select 'session' from bookings
      where (member_id = ${memberId} and state in ('created', 'pending'))
        or (host_id = ${hostId} and state = 'created')
    union all select 'refund' from refunds join purchases on purchases.id = purchase_id
      where purchases.member_id = ${memberId} and refunds.status in ('requested', 'pending')
    union all select 'refund' from operator_tasks join purchases on purchases.id = purchase_id
      where purchases.member_id = ${memberId} and resolved_at is null
        and kind in ('refund_failed', 'payment_mismatch', 'money_difference')
    union all select 'dispute' from disputes join purchases on purchases.id = purchase_id
      where purchases.member_id = ${memberId} and disputes.status = 'open'
    union all select 'earnings' from bookings
      where host_id = ${hostId} and state = 'completed' and host_cents > host_refunded_cents
        and payout_status in ('waiting_for_onboarding', 'scheduled', 'failed')
    order by obstacle limit 1`.execute(tx)
  return rows[0]?.obstacle
}
