// Runs the jobs of every queue in this process.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Job, JobResult, PgBoss } from 'pg-boss'
import type { JobName } from '../db/jobs.ts'
import { CallUnderWay } from '../calls/lease.ts'
import { NotYet, ProviderError } from '../lib/errors.ts'
import { withoutSecrets } from '../lib/secrets.ts'
import type { Context } from '../journey/context.ts'
import { queueNames, queues } from './queue.ts'
import { batches, tasks } from './tasks.ts'

export type Workers = {
  /** Makes every worker look for work now, after the clock was moved. */
  wake: () => void
}

export async function startWorking(ctx: Context, boss: PgBoss): Promise<Workers> {
  const workers: string[] = []
  for (const name of queueNames) {
    const { concurrency, batchSize = 1, pollSeconds } = queues[name]
    const pollingIntervalSeconds = Math.max(0.5, pollSeconds)
    for (let index = 0; index < concurrency; index++) {
      let worker = ''
      worker = await boss.work(
        name,
        {
          pollingIntervalSeconds,
          notifyPollingIntervalSeconds: pollingIntervalSeconds,
          batchSize,
          perJobResults: true,
        },
        async (jobs: Job<unknown>[]): Promise<JobResult[]> => {
          try {
            const outcomes = await runAll(
              ctx,
              name,
              jobs.map((job) => job.data),
              jobs.map((job) => job.signal),
            )
            return jobs.map(({ id }, index) => resultOf(name, id, outcomes[index]!))
          } finally {
            // Fetch the next jobs at once, instead of after the polling interval.
            boss.notifyWorker(worker)
          }
        },
      )
      workers.push(worker)
    }
  }
  return { wake: () => workers.forEach((worker) => boss.notifyWorker(worker)) }
}

/**
 * Runs jobs of one name, as a batch where it has one. After a failed batch each job is run alone. One outcome
 * for each payload, in their order. A job's signal aborts when the queue gives it up.
 */
export async function runAll(
  ctx: Context,
  name: JobName,
  payloads: unknown[],
  signals: AbortSignal[] = [],
): Promise<PromiseSettledResult<unknown>[]> {
  const runOne = tasks[name] as (ctx: Context, payload: unknown, signal?: AbortSignal) => Promise<unknown>
  const runTogether = batches[name] as
    | ((ctx: Context, payloads: unknown[]) => Promise<PromiseSettledResult<unknown>[]>)
    | undefined
  const alone = () =>
    Promise.allSettled(payloads.map(async (payload, index) => runOne(ctx, payload, signals[index])))
  const outcomes =
    runTogether && payloads.length > 1
      ? await runTogether(ctx, payloads).catch((error: unknown) => {
          console.warn(
            `${payloads.length} jobs ${name} could not be done together and are done one by one:`,
            error,
          )
          return alone()
        })
      : await alone()
  return Promise.all(
    outcomes.map(async (outcome, index) => {
      // A batch does not wait for one call: that job is tried again.
      if (outcome.status === 'fulfilled' || payloads.length > 1 || !(outcome.reason instanceof CallUnderWay))
        return outcome
      // Usually a process crashed in its call. Its lease is short, and then the call can be looked up.
      await sleep(Math.min(outcome.reason.waitMs, longestWaitMs))
      return settled(async () => runOne(ctx, payloads[index], signals[index]))
    }),
  )
}

/** A worker waits for a lease, but not for one that is longer than any crash leaves behind. */
const longestWaitMs = 12_000

async function settled(act: () => Promise<unknown>): Promise<PromiseSettledResult<unknown>> {
  const [outcome] = await Promise.allSettled([act()])
  return outcome
}

/** A provider's failure is expected and retried; any other error is our fault and logged with its stack. */
function resultOf(name: JobName, id: string, outcome: PromiseSettledResult<unknown>): JobResult {
  if (outcome.status === 'fulfilled') return { id, status: 'completed' }
  const error: unknown = outcome.reason
  if (error instanceof ProviderError || error instanceof NotYet)
    console.warn(`job ${name} will be tried again: ${error.message}`)
  else console.warn(`job ${name} failed and will be tried again:`, error)
  return { id, status: 'failed', output: outputOf(error) }
}

/** What the queue keeps of an error. Whole errors of packages hold requests, with their headers and keys. */
function outputOf(error: unknown): object {
  if (!(error instanceof Error)) return { message: withoutSecrets(String(error)) }
  const { name, message, stack } = error
  const facts = error instanceof ProviderError ? pick(error) : {}
  return { name, message: withoutSecrets(message), ...facts, stack: withoutSecrets(stack ?? '') }
}

const pick = ({ provider, status, code, ambiguous }: ProviderError) => ({ provider, status, code, ambiguous })
