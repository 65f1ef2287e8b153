// Who is kept apart from whom. Every list, search, card, banner, like, purchase, time and message asks here,
// and the triggers of the database ask the same view, so that SQL has the last word.
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'

export type Pair = { hostId: string; memberId: string }

export const areBlocked = (hostId: RawBuilder<unknown>, memberId: RawBuilder<unknown>) =>
  sql<boolean>`exists (select from blocked_pairs pair
    where pair.host_id = ${hostId} and pair.member_id = ${memberId})`

/** For a query about hosts that `memberId` may see; a stranger sees all of them. */
export const isVisibleTo = (memberId: string | undefined, hostId = sql.ref('hosts.id')) =>
  memberId === undefined
    ? sql<boolean>`true`
    : sql<boolean>`not ${areBlocked(hostId, sql`${memberId}::uuid`)}`

export async function isBlocked(db: Db | Tx, { hostId, memberId }: Pair): Promise<boolean> {
  const { rows } = await sql<{ blocked: boolean }>`
    select ${areBlocked(sql`${hostId}::uuid`, sql`${memberId}::uuid`)} as blocked`.execute(db)
  return rows[0]!.blocked
}

/** Which of these pairs are kept apart, as `host:member`. */
export async function findBlocked(db: Db | Tx, pairs: Pair[]): Promise<Set<string>> {
  if (pairs.length === 0) return new Set()
  const { rows } = await sql<Pair>`
    select distinct pair.host_id as "hostId", pair.member_id as "memberId"
    from unnest(${pairs.map((pair) => pair.hostId)}::uuid[],
        ${pairs.map((pair) => pair.memberId)}::uuid[]) asked(host_id, member_id)
      join blocked_pairs pair on pair.host_id = asked.host_id and pair.member_id = asked.member_id`.execute(
    db,
  )
  return new Set(rows.map(({ hostId, memberId }) => `${hostId}:${memberId}`))
}
