// Reports to an operator what reconciliation cannot recover by itself.
import { sql } from 'kysely'
import { eachAlone } from '../calls/each-alone.ts'
import { inTransaction, type Tx } from '../db/client.ts'
import type { JobName, Jobs } from '../db/jobs.ts'
import { addOperatorTask, type NewOperatorTask } from '../db/operator-tasks.ts'
import { addMinutes, clockOffsetMs, now } from '../lib/time.ts'
import type { Context } from '../journey/context.ts'
import { afterFailure } from './after-failure.ts'
import { queueNames } from './queue.ts'

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

type FailedJob = { key: string; name: JobName; data: Jobs[JobName]; isAgain: boolean }

/**
 * An operator hears of each job that failed for good and that nothing starts again. Not of one whose work
 * waits in another job or was done by one: a queue that keeps one job in each state fails the second. The
 * task's key names the cause, so the same work that fails again opens the same task, if it was settled
 * before.
 */
async function reportFailedJobs(ctx: Context): Promise<void> {
  const names = queueNames.filter((name) => afterFailure[name].after === 'task')
  const { rows } = await sql<FailedJob>`
    with failed as (
      select distinct on (key) key, name, data, completed_on
      from pgboss.job, lateral (select 'job_failed:' || name || ':' || md5(coalesce(data::text, '')) as key) cause
      where state = 'failed' and name = any(${names}::text[])
        and not exists (
          select from pgboss.job again
          where again.name = job.name and again.data is not distinct from job.data
            and (again.state in ('created', 'retry', 'active')
              or (again.state = 'completed' and again.completed_on > job.completed_on)))
      order by key, completed_on desc)
    select failed.key, name, data, task.key is not null as is_again
    from failed left join operator_tasks task on task.key = failed.key
    where task.key is null
      or task.resolved_at < failed.completed_on + ${`${clockOffsetMs()} milliseconds`}::interval
    order by failed.completed_on, failed.key`.execute(ctx.db)
  await eachAlone(ctx.db, rows, {
    kind: 'report-failed-job',
    keyOf: ({ key }) => key,
    act: (row) => inTransaction(ctx.db, (tx) => reportFailed(tx, row)),
    isFree: true,
    taskFor: ({ name }, lastError) => ({
      kind: 'job_failed',
      sentence: `A job ("${name}") failed for good, and what it was about could not be read: ${lastError}.`,
    }),
  })
}

async function reportFailed(tx: Tx, { key, name, data, isAgain }: FailedJob): Promise<void> {
  const failure = afterFailure[name]
  if (failure.after !== 'task') return
  const about = failure.about as (payload: Jobs[JobName]) => Partial<NewOperatorTask>
  await addOperatorTask(tx, {
    key,
    kind: 'job_failed',
    sentence:
      `${failure.undone} It was tried again and again ("${name}") and failed for good. ` +
      'The log of the application says why.',
    ...about(data),
  })
  if (!isAgain) return
  await tx
    .updateTable('operatorTasks')
    .set({ resolvedAt: null, resolution: null })
    .where('key', '=', key)
    .execute()
}
