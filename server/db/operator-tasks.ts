// Tasks that an operator must decide. One cause makes one task, however often it is found.
import { newId } from '../lib/ids.ts'
import type { OperatorTaskKind } from '../lib/operator-task.ts'
import { now } from '../lib/time.ts'
import type { Tx } from './client.ts'
import { announce } from './live.ts'

export type NewOperatorTask = {
  /** Made from our ids: `attendance:<booking>:<attempt>`. */
  key: string
  kind: OperatorTaskKind
  /** One whole sentence for the operator. */
  sentence: string
  bookingId?: string
  purchaseId?: string
  memberId?: string
  hostId?: string
}

/** Adds a task, or opens it again where an operator had resolved it: what they did has not helped. */
export async function reopenOperatorTask(tx: Tx, task: NewOperatorTask): Promise<void> {
  await addOperatorTask(tx, task)
  await tx
    .updateTable('operatorTasks')
    .set({ resolvedAt: null, resolution: null, sentence: task.sentence, createdAt: now() })
    .where('key', '=', task.key)
    .where('resolvedAt', 'is not', null)
    .execute()
}

/** Closes a task by its key, where it is open. */
export async function closeOperatorTask(tx: Tx, key: string, resolution: string): Promise<void> {
  await tx
    .updateTable('operatorTasks')
    .set({ resolvedAt: now(), resolution })
    .where('key', '=', key)
    .where('resolvedAt', 'is', null)
    .execute()
}

/** Adds a task whose key is new. */
export async function addOperatorTask(tx: Tx, task: NewOperatorTask): Promise<void> {
  await tx
    .insertInto('operatorTasks')
    .values({
      id: newId(),
      key: task.key,
      kind: task.kind,
      sentence: task.sentence,
      bookingId: task.bookingId ?? null,
      purchaseId: task.purchaseId ?? null,
      memberId: task.memberId ?? null,
      hostId: task.hostId ?? null,
      createdAt: now(),
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  await announce(tx, { topics: ['ops'], forOperators: true })
}
