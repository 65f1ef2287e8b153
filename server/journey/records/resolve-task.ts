// What waits for an operator, and their decision. An unknown attendance is settled by their word alone.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import { changeBooking, lockBooking } from '../bookings/change-booking.ts'
import type { Context } from '../context.ts'

export type Decision = 'held' | 'member_absent' | 'host_absent'

export async function resolveTask(ctx: Context, taskId: string, resolution: { decision?: Decision | undefined; note: string }): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const task = await tx.selectFrom('operatorTasks').selectAll().where('id', '=', taskId).forUpdate().executeTakeFirst()
    if (!task) throw notFound('task')
    if (task.resolvedAt) throw new Refusal('conflict', 'Somebody has resolved this already.')
    if (task.kind === 'attendance_unknown' && task.bookingId) {
      if (!resolution.decision) throw new Refusal('invalid_input', 'Please say what happened: held, member_absent or host_absent.')
      const booking = await lockBooking(tx, task.bookingId)
      if (booking?.state === 'created' && booking.outcome === 'unknown') {
        await changeBooking(tx, booking, resolution.decision, { by: 'operator', payoutDelayHours: ctx.config.payoutDelayHours })
      }
    }
    if (task.kind === 'payout_failed' && task.bookingId) {
      await tx.updateTable('payouts').set({ status: 'scheduled', failure: null }).where('bookingId', '=', task.bookingId).where('status', '=', 'failed').execute()
      await enqueue(tx, 'pay-host', { bookingId: task.bookingId })
    }
    await tx
      .updateTable('operatorTasks')
      .set({ resolvedAt: now(), resolution: [resolution.decision, resolution.note].filter(Boolean).join(': ') })
      .where('id', '=', taskId)
      .execute()
    await announce(tx, { topics: ['ops'], forOperators: true })
  })
}
