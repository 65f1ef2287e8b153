// Step 0: a person who signs in and is neither host nor operator becomes a member.
import { sql } from 'kysely'
import { inTransaction, type Tx } from '../../db/client.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { fingerprintOf } from '../../lib/fingerprint.ts'
import { newId } from '../../lib/ids.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'

export type Member = {
  id: string
  fullName: string
  email: string | null
  timeZone: string
  lastActiveAt: Date
}

/** The member of a person, created if there is none. Concurrent calls are safe. */
export async function ensureMember(
  ctx: Context,
  person: { id: string; mobileNumber: string },
): Promise<Member> {
  const columns = ['id', 'fullName', 'email', 'timeZone', 'lastActiveAt'] as const
  const known = await ctx.db
    .selectFrom('members')
    .select(columns)
    .where('personId', '=', person.id)
    .executeTakeFirst()
  if (known) return known
  return inTransaction(ctx.db, async (tx) => {
    const memberId = newId()
    const added = await tx
      .insertInto('members')
      .values({
        id: memberId,
        personId: person.id,
        mobileNumber: person.mobileNumber,
        timeZone: 'Australia/Sydney',
        createdAt: now(),
        lastActiveAt: now(),
      })
      .onConflict((conflict) => conflict.column('mobileNumber').doUpdateSet({ personId: person.id }))
      .returning(columns)
      .executeTakeFirstOrThrow()
    if (added.id === memberId) {
      await stayApart(ctx, tx, memberId, person.mobileNumber)
      await recordChanged(tx, 'Members', memberId)
    }
    return added
  })
}

/** Whoever deleted an account does not meet again, under the same number, whom they were kept apart from. */
async function stayApart(ctx: Context, tx: Tx, memberId: string, mobileNumber: string): Promise<void> {
  const { rows } = await sql<{ hostId: string; setBy: 'host' | 'member' }>`
    select distinct on (host_id) host_id as "hostId", set_by as "setBy"
    from members join blocks on blocks.member_id = members.id
    where kept_apart_as = ${fingerprintOf(ctx.config.authSecret, mobileNumber)} and lifted_at is null`.execute(
    tx,
  )
  if (rows.length === 0) return
  await tx
    .insertInto('blocks')
    .values(rows.map((row) => ({ id: newId(), memberId, ...row, createdAt: now() })))
    .execute()
}
