// A sign of somebody came after all, while an operator was to decide: the rule decides, and there is nothing left to ask.
import type { Tx } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { now } from '../../lib/time.ts'
import type { AttendanceEvent } from './room.ts'

export async function resolveUnknown(tx: Tx, bookingId: string, attempt: number, outcome: AttendanceEvent): Promise<void> {
  await tx
    .updateTable('operatorTasks')
    .set({ resolvedAt: now(), resolution: `${outcome}: the video provider told of it later` })
    .where('key', '=', `attendance:${bookingId}:${attempt}`)
    .where('resolvedAt', 'is', null)
    .execute()
  await announce(tx, { topics: ['ops'], forOperators: true })
}
