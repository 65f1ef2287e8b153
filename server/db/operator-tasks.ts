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
