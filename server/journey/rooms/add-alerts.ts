// Operators on duty hear by SMS of what cannot wait until somebody looks.
import type { Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { addHours, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { Urgency } from './report.ts'

/** One SMS for each operator on duty, task and urgency. */
export async function addAlerts(ctx: Context, tx: Tx, taskId: string, urgency: Urgency): Promise<void> {
  for (const [index, mobileNumber] of ctx.config.operatorsOnDuty.entries())
    await enqueue(tx, 'send-message', {
      key: `report-alert:${taskId}:${urgency}:${index}`,
      template: 'Report Alert',
      recipient: 'operator',
      mobileNumber,
      urgency,
      usefulUntil: addHours(now(), 6).toISOString(),
    })
}
