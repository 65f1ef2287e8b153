// Reports to an operator what reconciliation cannot recover by itself.
import { sql } from 'kysely'
import { inTransaction } from '../db/client.ts'
import type { JobName } from '../db/jobs.ts'
import { addOperatorTask } from '../db/operator-tasks.ts'
import { addMinutes, now } from '../lib/time.ts'
import type { Context } from '../journey/context.ts'

export async function reportStuckWork(ctx: Context): Promise<void> {
  await reportSilence(ctx)
  await reportFailedJobs(ctx)
}

/** Reports sessions that ended an hour ago without attendance, since the video provider does not answer. */
async function reportSilence(ctx: Context): Promise<void> {
  const stuck = await ctx.db
    .selectFrom('bookings')
    .select(['id', 'attempt'])
    .where('state', '=', 'created')
    .where('outcome', 'is', null)
    .where('endAt', '<=', addMinutes(now(), -60))
    .execute()
  await inTransaction(ctx.db, async (tx) => {
    for (const { id, attempt } of stuck) {
      await addOperatorTask(tx, {
        key: `unsettled:${id}:${attempt}`,
        kind: 'job_failed',
        bookingId: id,
        sentence:
          'A session ended an hour ago and its attendance could not be read from the video provider. ' +
          'It is tried again every minute.',
      })
    }
  })
}

/** Jobs that reconcile.ts does not start again: an operator hears of each that failed for good. */
const notReconciled: JobName[] = ['send-message', 'release-calendar', 'warn-expiry']

async function reportFailedJobs(ctx: Context): Promise<void> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from pgboss.job
    where state = 'failed' and name in (${sql.join(notReconciled)})
    order by completed_on desc limit 200`.execute(ctx.db)
  await inTransaction(ctx.db, async (tx) => {
    for (const { id, name } of rows) {
      await addOperatorTask(tx, {
        key: `job_failed:${id}`,
        kind: 'job_failed',
        sentence:
          `Work of the kind "${name}" was tried again and again and failed for good. ` +
          'The log of the application says why.',
      })
    }
  })
}
