// Step 0: a person who signs in and is neither host nor operator becomes a member.
import { inTransaction } from '../../db/client.ts'
import { recordChanged } from '../../db/record-changes.ts'
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
    if (added.id === memberId) await recordChanged(tx, 'Members', memberId)
    return added
  })
}
