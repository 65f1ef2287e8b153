// Somebody asks for their account to be deleted. It can be undone until it is due; the sign-ins end at once.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { recordSecurity } from '../../db/security-events.ts'
import { Refusal } from '../../lib/errors.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { newId } from '../../lib/ids.ts'
import { addDays, addHours, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { Who } from '../request.ts'
import { undoDays } from './deletion.ts'

/** Answers when it is carried out. Refuses: conflict where it was asked for already; not_allowed. */
export async function startDeletion(ctx: Context, who: Who): Promise<Date> {
  if (who.isOperator)
    throw new Refusal('not_allowed', 'Operators are named in the settings, and cannot be deleted here.')
  const [id, askedAt] = [newId(), now()]
  const dueAt = addDays(askedAt, undoDays)
  await inTransaction(ctx.db, async (tx) => {
    const { numInsertedOrUpdatedRows: made } = await tx
      .insertInto('deletions')
      .values({
        id,
        personId: who.personId,
        memberId: who.member?.id ?? null,
        hostId: who.host?.id ?? null,
        askedAt,
        dueAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    if (made === 0n) throw new Refusal('conflict', 'Your account is being deleted already.')
    await enqueue(tx, 'end-obligations', { deletionId: id })
    await enqueue(tx, 'send-message', {
      key: `deletion:${id}`,
      template: 'Account Deletion',
      recipient: who.member ? 'member' : 'host',
      ...(who.member ? { memberId: who.member.id } : { hostId: who.host!.id }),
      startAt: dueAt.toISOString(),
      usefulUntil: addHours(askedAt, 24).toISOString(),
    })
    await tx.deleteFrom('signIns').where('personId', '=', who.personId).execute()
    await recordSecurity(tx, { kind: 'deletion_asked', personId: who.personId, subject: `deletion ${id}` })
  })
  failpoint('after-commit:deletion')
  return dueAt
}
