// Runs the jobs of every queue in this process.
import type { Job, PgBoss } from 'pg-boss'
import { CallUnderWay } from '../db/outgoing-calls.ts'
import { NotYet, ProviderError } from '../lib/errors.ts'
import type { Context } from '../journey/context.ts'
import { queueNames, queues } from './queue.ts'
import { tasks, type Tasks } from './tasks.ts'

export type Working = {
  /** Every worker looks for work now, instead of when it next would: the clock was moved. */
  wake: () => void
}

export async function startWorking(ctx: Context, boss: PgBoss): Promise<Working> {
  const workers: string[] = []
  for (const name of queueNames) {
    const { concurrency, pollSeconds } = queues[name]
    const run = tasks[name] as Tasks[keyof Tasks] as (ctx: Context, payload: unknown) => Promise<unknown>
    const pollingIntervalSeconds = Math.max(0.5, pollSeconds)
    for (let index = 0; index < concurrency; index++) {
      let worker = ''
      worker = await boss.work(
        name,
        { pollingIntervalSeconds, notifyPollingIntervalSeconds: pollingIntervalSeconds },
        async (jobs: Job<unknown>[]) => {
          try {
            for (const job of jobs) await runOne(name, () => run(ctx, job.data))
          } finally {
            // Where there was one job there may be another: look again at once, not one job per interval.
            boss.notifyWorker(worker)
          }
        },
      )
      workers.push(worker)
    }
  }
  return { wake: () => workers.forEach((worker) => boss.notifyWorker(worker)) }
}

/** A provider that fails is expected and tried again; anything else is our own fault and is said in the log. */
async function runOne(name: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act().catch(async (error: unknown) => {
      if (!(error instanceof CallUnderWay)) throw error
      // Usually a process that crashed in its call: its lease is short, and what it did can be looked up then.
      await new Promise((resolve) => setTimeout(resolve, error.waitMs))
      await act()
    })
  } catch (error) {
    if (error instanceof ProviderError || error instanceof NotYet) console.warn(`job ${name} will be tried again: ${error.message}`)
    else console.warn(`job ${name} failed and will be tried again:`, error)
    throw error
  }
}
