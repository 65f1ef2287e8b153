// Whoever signs in again in time keeps the account. What was cancelled and refunded meanwhile stays so.
import { inTransaction } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { recordSecurity } from '../../db/security-events.ts'
import { Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { Who } from '../request.ts'

/** Refuses: conflict where nothing is to be undone. */
export async function undoDeletion(ctx: Context, who: Who): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const undone = await tx
      .updateTable('deletions')
      .set({ undoneAt: now() })
      .where('personId', '=', who.personId)
      .where('undoneAt', 'is', null)
      .where('carriedOutAt', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!undone) throw new Refusal('conflict', 'Your account is not being deleted.')
    await recordSecurity(tx, {
      kind: 'deletion_undone',
      personId: who.personId,
      subject: `deletion ${undone.id}`,
    })
    await announce(tx, {
      topics: ['me'],
      ...(who.member ? { memberId: who.member.id } : { hostId: who.host!.id }),
    })
  })
}
