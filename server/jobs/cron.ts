// Every schedule: work that is repeated, so that nothing depends on the arrival of a message.
import type { PgBoss } from 'pg-boss'
import type { JobName } from '../db/jobs.ts'

const schedules = [
  { name: 'reconcile', cron: '* * * * *' },
  { name: 'write-records', cron: '* * * * *' },
  { name: 'refresh-slots', cron: '* * * * *' },
  { name: 'check-calcoms', cron: '41 3 * * *' },
  { name: 'follow-calendars', cron: '*/5 * * * *' },
  { name: 'pull-calendars', cron: '*/2 * * * *' },
  { name: 'reconcile-money', cron: '*/2 * * * *' },
  { name: 'read-hosts', cron: '*/5 * * * *' },
  { name: 'register-webhooks', cron: '17 3 * * *' },
  { name: 'check-connections', cron: '27 3 * * *' },
] as const satisfies { name: JobName; cron: string }[]
export type ScheduledName = (typeof schedules)[number]['name']

export async function scheduleAll(boss: PgBoss): Promise<void> {
  for (const { name, cron } of schedules) await boss.schedule(name, cron, {})
}

/** Reconciles everything at once, after the clock was moved. */
export async function reconcileNow(boss: PgBoss): Promise<void> {
  await boss.send('reconcile', {})
  await boss.send('refresh-slots', {})
  await boss.send('reconcile-money', {})
  await boss.send('follow-calendars', {})
  await boss.send('pull-calendars', {})
  await boss.send('write-records', {})
}
