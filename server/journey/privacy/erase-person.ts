// An account that is due is erased in one transaction: what the law keeps loses its name, the rest goes.
// What other services hold is written down in the same transaction and erased afterwards (erase-copies.ts).
import { sql } from 'kysely'
import { inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { addOperatorTask, closeOperatorTask } from '../../db/operator-tasks.ts'
import { recordSecurity } from '../../db/security-events.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { obstacles } from './deletion.ts'
import { eraseRows } from './erase-rows.ts'
import { eraseTexts } from './erase-texts.ts'
import { findObstacle } from './find-obstacle.ts'
import { findTraces } from './find-traces.ts'
import { recordCopies } from './record-copies.ts'

/** Does nothing where it is not due, was undone or is done. What stands in the way is told to an operator. */
export async function erasePerson(ctx: Context, deletionId: string): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const deletion = await tx
      .selectFrom('deletions')
      .selectAll()
      .where('id', '=', deletionId)
      .where('undoneAt', 'is', null)
      .where('carriedOutAt', 'is', null)
      .where('dueAt', '<=', now())
      .forUpdate()
      .executeTakeFirst()
    if (!deletion) return
    await lockPeople(tx, deletion)
    const obstacle = await findObstacle(tx, deletion)
    const task = `deletion:${deletionId}`
    if (obstacle) {
      await addOperatorTask(tx, {
        key: task,
        kind: 'security',
        sentence:
          `An account is due to be deleted and is kept, because ${obstacles[obstacle]}. ` +
          'It goes by itself once that is settled.',
        ...(deletion.memberId ? { memberId: deletion.memberId } : {}),
        ...(deletion.hostId ? { hostId: deletion.hostId } : {}),
      })
      return
    }
    const traces = await findTraces(tx, deletion)
    await recordCopies(tx, deletion, traces)
    await eraseTexts(tx, deletion, traces)
    await eraseRows(ctx, tx, deletion, traces)
    await tx.updateTable('deletions').set({ carriedOutAt: now() }).where('id', '=', deletionId).execute()
    await closeOperatorTask(tx, task, 'It is settled, and the account is deleted.')
    await recordSecurity(tx, {
      kind: 'erased',
      personId: deletion.personId,
      subject: `deletion ${deletionId}`,
    })
    await enqueue(tx, 'erase-copies', { deletionId })
    await announce(tx, { topics: ['ops'], forOperators: true })
  })
  failpoint('after-commit:erased')
}

/** A payment or a change of theirs that is under way is waited for. */
async function lockPeople(tx: Tx, { memberId, hostId }: { memberId: string | null; hostId: string | null }) {
  await sql`select from members where id = ${memberId} for update`.execute(tx)
  await sql`select from hosts where id = ${hostId} for update`.execute(tx)
}
