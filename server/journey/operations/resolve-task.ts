// An operator decides a task. Only that decision settles a session whose attendance is unknown.
import { leaveQuarantine } from '../../calls/each-alone.ts'
import { inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import { changeBooking, lockBooking } from '../bookings/change-booking.ts'
import type { Context } from '../context.ts'
import { releasePayouts } from '../payouts/release-payouts.ts'
import { decideReport } from './decide-report.ts'
import { type Decision, isAboutAttendance } from './task.ts'

export async function resolveTask(
  ctx: Context,
  taskId: string,
  resolution: { decision?: Decision | undefined; note: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const task = await tx
      .selectFrom('operatorTasks')
      .selectAll()
      .where('id', '=', taskId)
      .forUpdate()
      .executeTakeFirst()
    if (!task) throw notFound('task')
    if (task.resolvedAt) throw new Refusal('conflict', 'Somebody has resolved this already.')
    if (task.kind === 'attendance_unknown' && task.bookingId) {
      if (!isAboutAttendance(resolution.decision))
        throw new Refusal('invalid_input', 'Please say what happened: held, member_absent or host_absent.')
      const booking = await lockBooking(tx, task.bookingId)
      if (booking?.state === 'created' && booking.outcome === 'unknown') {
        await changeBooking(tx, booking, resolution.decision, {
          payoutDelayHours: ctx.config.payoutDelayHours,
        })
      }
    }
    if (task.kind === 'report') await decideReport(ctx, tx, taskId, resolution.decision)
    if (task.kind === 'payout_failed' && task.bookingId) {
      await tx
        .updateTable('payouts')
        .set({ status: 'scheduled', failure: null })
        .where('bookingId', '=', task.bookingId)
        .where('status', '=', 'failed')
        .execute()
      await tx
        .updateTable('bookings')
        .set({ payoutStatus: 'scheduled' })
        .where('id', '=', task.bookingId)
        .where('payoutStatus', '=', 'failed')
        .execute()
      await leaveQuarantine(tx, 'reverse-payout', task.bookingId)
      await enqueue(tx, 'pay-host', { bookingId: task.bookingId })
    }
    if (task.kind === 'refund_failed' && resolution.decision === 'try_again')
      await retryRefund(tx, task.key.split(':')[1]!)
    await tx
      .updateTable('operatorTasks')
      .set({
        resolvedAt: now(),
        resolution: [resolution.decision, resolution.note].filter(Boolean).join(': '),
      })
      .where('id', '=', taskId)
      .execute()
    // Each payout looks for what still pauses it, such as another discrepancy.
    if (task.kind === 'money_difference' && task.purchaseId) await releasePayouts(tx, task.purchaseId)
    await announce(tx, { topics: ['ops'], forOperators: true })
  })
}

/** A new try has a new key, since Stripe replays a refusal for a day. */
async function retryRefund(tx: Tx, refundId: string): Promise<void> {
  const again = await tx
    .updateTable('refunds')
    .set({ status: 'requested', triedAt: null, settledAt: null })
    .where('id', '=', refundId)
    .where('status', '=', 'failed')
    .returning('refundId')
    .executeTakeFirst()
  if (!again) return
  // A refund that the bank sent back was a try of its own and keeps its record.
  if (again.refundId)
    await tx
      .updateTable('refunds')
      .set((eb) => ({ refundId: null, try: eb('try', '+', 1) }))
      .where('id', '=', refundId)
      .execute()
  await enqueue(tx, 'send-refund', { refundId })
}
