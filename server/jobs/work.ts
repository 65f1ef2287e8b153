// Runs the jobs of every queue in this process.
import type { Job, PgBoss } from 'pg-boss'
import { NotYet, ProviderError } from '../lib/errors.ts'
import type { Context } from '../journey/context.ts'
import { queueNames, queues } from './queue.ts'
import { tasks, type Tasks } from './tasks.ts'

export async function startWorking(ctx: Context, boss: PgBoss): Promise<void> {
  for (const name of queueNames) {
    const { concurrency, pollSeconds } = queues[name]
    const run = tasks[name] as Tasks[keyof Tasks] as (ctx: Context, payload: unknown) => Promise<unknown>
    await boss.work(
      name,
      { localConcurrency: concurrency, pollingIntervalSeconds: Math.max(0.5, pollSeconds), notifyPollingIntervalSeconds: Math.max(0.5, pollSeconds) },
      async (jobs: Job<unknown>[]) => {
        for (const job of jobs) await runOne(name, () => run(ctx, job.data))
      },
    )
  }
}

/** A provider that fails is expected and tried again; anything else is our own fault and is said in the log. */
async function runOne(name: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (error instanceof ProviderError || error instanceof NotYet) console.warn(`job ${name} will be tried again: ${error.message}`)
    else console.warn(`job ${name} failed and will be tried again:`, error)
    throw error
  }
}
