// Attendance was reported after an operator had been asked. The rule decides, and the task is resolved.
import type { Tx } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { now } from '../../lib/time.ts'
import type { AttendanceEvent } from './room.ts'

export async function resolveAttendance(
  tx: Tx,
  bookingId: string,
  attempt: number,
  outcome: AttendanceEvent,
): Promise<void> {
  await resolve(tx, `attendance:${bookingId}:${attempt}`, `${outcome}: the video provider told of it later`)
}

/** The video provider has answered, so nobody has to check whether it works. */
export async function resolveSilence(tx: Tx, bookingId: string, attempt: number): Promise<void> {
  await resolve(tx, `unsettled:${bookingId}:${attempt}`, 'The video provider answered')
}

async function resolve(tx: Tx, key: string, resolution: string): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('operatorTasks')
    .set({ resolvedAt: now(), resolution })
    .where('key', '=', key)
    .where('resolvedAt', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) await announce(tx, { topics: ['ops'], forOperators: true })
}
