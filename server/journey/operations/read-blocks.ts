// Who is kept apart, for operators.
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import type { Blocks } from './blocks-view.ts'

export async function readBlocks(db: Db): Promise<Blocks> {
  const rows = await db
    .selectFrom('blocks')
    .innerJoin('hosts', 'hosts.id', 'blocks.hostId')
    .innerJoin('members', 'members.id', 'blocks.memberId')
    .selectAll('blocks')
    .select(['hosts.fullName as hostName', 'members.fullName as memberName'])
    .select(
      sql<number>`(select count(*) from reports join bookings on bookings.id = reports.booking_id
        where bookings.host_id = blocks.host_id and bookings.member_id = blocks.member_id)`.as('reports'),
    )
    .orderBy(sql`blocks.lifted_at is not null`)
    .orderBy('blocks.createdAt', 'desc')
    .limit(200)
    .execute()
  return {
    blocks: rows.map((row) => ({
      id: row.id,
      hostName: row.hostName,
      memberName: row.memberName,
      setBy: row.setBy,
      createdAt: row.createdAt.toISOString(),
      reports: row.reports,
      liftedAt: row.liftedAt?.toISOString() ?? null,
      liftedBy: row.liftedBy,
      liftReason: row.liftReason,
    })),
  }
}
