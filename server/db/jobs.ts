// Every job's name and payload. The job table is a transactional outbox: a job is a row in the caller's
// transaction, so that an act and its jobs are committed together or not at all. `jobs/tasks.ts` says which
// verb each job runs.
import { fromKysely, type PgBoss } from 'pg-boss'
import { now, toRealTime } from '../lib/time.ts'
import type { Tx } from './client.ts'

export type MessageJob = {
  /** Made from our ids, so that one event and recipient make one message. */
  key: string
  template: string
  recipient: 'host' | 'member' | 'operator'
  /** An operator's number, or the one before a change. Those of members and hosts are looked up. */
  mobileNumber?: string
  /** Of a report that operators hear of: 1 or 2. */
  urgency?: number
  /** What an operator decided about a report. */
  decision?: 'apart' | 'for_member' | 'for_host'
  bookingId?: string
  purchaseId?: string
  memberId?: string
  hostId?: string
  /** The booking's attempt of this message, which is dropped after a newer attempt. */
  attempt?: number
  /** The message is not sent after this moment. ISO. */
  usefulUntil: string
  /** The start to name in the message, where the booking no longer has it. ISO. */
  startAt?: string
}

export type Jobs = {
  'handle-webhook': { webhookEventId: string }
  'record-delivery': { webhookEventId: string }
  'confirm-purchase': { purchaseId: string }
  'book-calendar': { bookingId: string; attempt: number }
  'set-meeting-place': { bookingId: string; attempt: number }
  'clear-entry': { bookingId: string; attempt: number }
  'give-session-back': { bookingId: string }
  'release-slot': { calReservationUid: string }
  'mark-absent': { calBookingUid: string; absent: 'host' | 'member'; memberId: string }
  'refresh-slots': Record<string, never>
  'check-calcoms': Record<string, never>
  'follow-calendars': Record<string, never>
  'pull-calendar': { importedCalendarId: string }
  'pull-calendars': Record<string, never>
  'prepare-room': { bookingId: string; attempt: number }
  'daily-create-room': { bookingId: string; attempt: number }
  'close-room': { bookingId: string; attempt: number }
  'settle-session': { bookingId: string; attempt: number }
  'complete-attendance': { bookingId: string; attempt: number }
  'expire-booking': { bookingId: string }
  'warn-expiry': { bookingId: string }
  'remind-inactive': { purchaseId: string }
  'send-message': MessageJob
  'pay-host': { bookingId: string }
  'send-refund': { refundId: string }
  'follow-money': { purchaseId: string }
  'reconcile-money': Record<string, never>
  'end-obligations': { deletionId: string }
  'erase-person': { deletionId: string }
  'erase-copies': { deletionId: string }
  'write-records': Record<string, never>
  'read-hosts': Record<string, never>
  'register-webhooks': Record<string, never>
  'check-connections': Record<string, never>
  reconcile: Record<string, never>
}
export type JobName = keyof Jobs

export type EnqueueOptions = {
  /** Not before this moment of our clock. */
  at?: Date
}

let boss: PgBoss | undefined

/** Called once by jobs/queue.ts, when the queues exist. */
export function useQueue(queue: PgBoss): void {
  boss = queue
}

/** Inserts a job into `tx`: it exists if and only if the transaction commits. Makes no network call. */
export async function enqueue<Name extends JobName>(
  tx: Tx,
  name: Name,
  payload: Jobs[Name],
  options: EnqueueOptions = {},
): Promise<void> {
  if (!boss) throw new Error('the job queue has not been opened')
  await boss.send(name, payload, {
    db: fromKysely(tx.withoutPlugins()),
    ...(options.at && options.at > now() ? { startAfter: toRealTime(options.at) } : {}),
  })
}

/** Inserts many jobs of one name, due now, in one statement. `isPatient` gives them a lower priority. */
export async function enqueueAll<Name extends JobName>(
  tx: Tx,
  name: Name,
  payloads: Jobs[Name][],
  { isPatient = false } = {},
): Promise<void> {
  if (!boss) throw new Error('the job queue has not been opened')
  const jobs = payloads.map((data) => ({ data, priority: isPatient ? -1 : 0 }))
  if (jobs.length > 0) await boss.insert(name, jobs, { db: fromKysely(tx.withoutPlugins()) })
}
