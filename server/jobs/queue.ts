// pg-boss: one queue per job name, opened by every process and worked by workers.
import { PgBoss } from 'pg-boss'
import { breakingClient } from '../db/circuit-breaker.ts'
import type { JobName } from '../db/jobs.ts'
import { useQueue } from '../db/jobs.ts'

/** A job without a heartbeat belongs to a crashed worker and is tried again. */
const heartbeatSeconds = 10

type QueueOptions = {
  concurrency: number
  /** So many jobs are fetched together; see `batches` in tasks.ts. */
  batchSize?: number
  pollSeconds: number
  retryLimit: number
  policy?: 'stately'
  retryDelayMax?: number
  /** The queue gives up a job that runs for longer, and aborts its signal. Five minutes where not said. */
  expireMinutes?: number
}

// Delayed jobs are found by polling; all others wake their worker by NOTIFY when they are committed.
export const queues: Record<JobName, QueueOptions> = {
  'handle-webhook': { concurrency: 8, pollSeconds: 5, retryLimit: 30 },
  'record-delivery': { concurrency: 2, batchSize: 50, pollSeconds: 5, retryLimit: 30 },
  'confirm-purchase': { concurrency: 4, pollSeconds: 5, retryLimit: 30 },
  // Retried often: within a minute the time is booked or given back.
  'book-calendar': { concurrency: 4, pollSeconds: 1, retryLimit: 50, retryDelayMax: 5 },
  'set-meeting-place': { concurrency: 1, pollSeconds: 5, retryLimit: 50 },
  'clear-entry': { concurrency: 2, pollSeconds: 5, retryLimit: 50 },
  'give-session-back': { concurrency: 1, pollSeconds: 5, retryLimit: 10 },
  'release-slot': { concurrency: 1, pollSeconds: 5, retryLimit: 3 },
  'mark-absent': { concurrency: 1, pollSeconds: 5, retryLimit: 50 },
  'refresh-slots': { concurrency: 1, pollSeconds: 5, retryLimit: 0, policy: 'stately' },
  'check-calcoms': { concurrency: 1, pollSeconds: 5, retryLimit: 2, policy: 'stately', expireMinutes: 60 },
  'follow-calendars': { concurrency: 1, pollSeconds: 5, retryLimit: 2, policy: 'stately' },
  'pull-calendar': { concurrency: 2, pollSeconds: 2, retryLimit: 3 },
  'pull-calendars': { concurrency: 1, pollSeconds: 5, retryLimit: 0, policy: 'stately' },
  'prepare-room': { concurrency: 4, pollSeconds: 2, retryLimit: 200 },
  // Retried often and until the session is over: somebody may be waiting to join.
  'daily-create-room': {
    concurrency: 4,
    batchSize: 20,
    pollSeconds: 0.5,
    retryLimit: 1_000,
    retryDelayMax: 3,
  },
  'close-room': { concurrency: 2, pollSeconds: 5, retryLimit: 30 },
  'settle-session': { concurrency: 8, pollSeconds: 0.5, retryLimit: 100 },
  'complete-attendance': { concurrency: 1, pollSeconds: 5, retryLimit: 100 },
  'expire-booking': { concurrency: 2, pollSeconds: 5, retryLimit: 30 },
  'warn-expiry': { concurrency: 2, pollSeconds: 5, retryLimit: 30 },
  'remind-inactive': { concurrency: 2, pollSeconds: 5, retryLimit: 30 },
  'send-message': { concurrency: 4, batchSize: 48, pollSeconds: 2, retryLimit: 5_000 },
  'pay-host': { concurrency: 4, pollSeconds: 1, retryLimit: 100 },
  'send-refund': { concurrency: 2, pollSeconds: 5, retryLimit: 100 },
  'follow-money': { concurrency: 2, pollSeconds: 5, retryLimit: 30 },
  'reconcile-money': { concurrency: 1, pollSeconds: 5, retryLimit: 0, policy: 'stately' },
  'end-obligations': { concurrency: 1, pollSeconds: 5, retryLimit: 30 },
  'erase-person': { concurrency: 1, pollSeconds: 5, retryLimit: 10 },
  'erase-copies': { concurrency: 1, pollSeconds: 5, retryLimit: 10 },
  'write-records': { concurrency: 1, pollSeconds: 5, retryLimit: 100, policy: 'stately' },
  // Airtable gives 100 rows a request and four requests a second: 200,000 hosts take nine minutes.
  'read-hosts': { concurrency: 1, pollSeconds: 5, retryLimit: 5, policy: 'stately', expireMinutes: 60 },
  'register-webhooks': { concurrency: 1, pollSeconds: 5, retryLimit: 20, policy: 'stately' },
  'check-connections': { concurrency: 1, pollSeconds: 5, retryLimit: 2, policy: 'stately' },
  reconcile: { concurrency: 1, pollSeconds: 5, retryLimit: 0, policy: 'stately' },
}

export const queueNames = Object.keys(queues) as JobName[]

/** Opens the queues, and creates or updates them where needed; safe in several processes at once. */
export async function openQueue(databaseUrl: string, isWorker: boolean): Promise<PgBoss> {
  // pg-boss passes what it does not know to its pool.
  const pool = { Client: breakingClient() }
  const boss = new PgBoss({
    ...pool,
    connectionString: databaseUrl,
    max: isWorker ? 8 : 2,
    application_name: 'presence-jobs',
    useListenNotify: isWorker,
    supervise: isWorker,
    schedule: isWorker,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 300,
    bamIntervalSeconds: 60,
  })
  boss.on('error', (error) => console.warn(`jobs: ${error.message}`))
  boss.on('warning', (warning) => console.warn(`jobs: ${warning.message}`))
  await boss.start()
  for (const name of queueNames) {
    const { retryLimit, policy, retryDelayMax = 30, expireMinutes = 5 } = queues[name]
    const options = {
      retryLimit,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax,
      expireInSeconds: expireMinutes * 60,
      heartbeatSeconds,
      retentionSeconds: 120 * 86_400,
      deleteAfterSeconds: 7 * 86_400,
      notify: true,
      // Every future session has waiting jobs, so a queue's length is no warning.
      warningQueueSize: 1_000_000,
    }
    await boss.createQueue(name, { ...options, policy: policy ?? 'standard' })
    await boss.updateQueue(name, options)
  }
  useQueue(boss)
  return boss
}
