// Every journey was completed, and no job, webhook or message is stuck.
import { sql } from 'kysely'
import type { Invariant } from '../invariant.ts'

/** Jobs on a schedule make up for a failed run by the next one, and a reservation expires without its job. */
const repeatedJobs = [
  'reconcile',
  'reconcile-money',
  'refresh-slots',
  'follow-calendars',
  'pull-calendars',
  'pull-calendar',
  'read-hosts',
  'write-records',
  'register-webhooks',
  'release-slot',
]

const played: Invariant = {
  name: 'every journey came to its end',
  look: async ({ history, plans }) => ({
    evidence: `${plans.length} journeys, ${history.paid.size} of them paid, ${history.turns} turns`,
    problems: history.broken,
  }),
}

const answers: Invariant = {
  name: 'nobody met an internal error, and every refusal was a sentence',
  look: async ({ history }) => ({
    evidence: `${history.setbacks} times somebody was told to try again`,
    problems: history.failures,
  }),
}

const rest: Invariant = {
  name: 'everything came to rest: no webhook on its way, no job, SMS, record or call waiting',
  look: async ({ unrest }) => ({ evidence: 'looked twice in a row', problems: unrest }),
}

const webhooks: Invariant = {
  name: 'no webhook is unhandled',
  look: async ({ db }) => {
    const { rows } = await sql<{ provider: string; type: string; handled: boolean; count: number }>`
      select provider, type, handled_at is not null as handled, count(*)::int as count from webhook_events group by 1, 2, 3`.execute(
      db,
    )
    return {
      evidence: `${rows.reduce((sum, row) => sum + row.count, 0)} stored`,
      problems: rows
        .filter((row) => !row.handled)
        .map((row) => `${row.count} of ${row.provider} ${row.type} are unhandled`),
    }
  },
}

const jobs: Invariant = {
  name: 'no job has failed for good',
  look: async ({ db }) => {
    const { rows } = await sql<{ name: string; state: string; count: number; output: string | null }>`
      select name, state::text, count(*)::int as count, max(left(output::text, 300)) as output from pgboss.job where name not like '\\_\\_pgboss%' group by 1, 2`.execute(
      db,
    )
    return {
      evidence: `${rows.reduce((sum, row) => sum + row.count, 0)} jobs`,
      problems: rows
        .filter((row) => row.state === 'failed' && !repeatedJobs.includes(row.name))
        .map((row) => `${row.count} of ${row.name}: ${row.output}`),
    }
  },
}

const tasks: Invariant = {
  name: 'no operator task without a cause, and none left open',
  look: async ({ db, history }) => {
    const rows = await db
      .selectFrom('operatorTasks')
      .select(['kind', 'key', 'sentence', 'resolvedAt'])
      .orderBy('createdAt')
      .execute()
    const problems: string[] = []
    // Where Cal.com did not answer, the time was given back and an operator may be asked to look there.
    const hasCalendarFaults = [...history.faults.keys()].some((name) => name.startsWith('calcom'))
    for (const kind of new Set(rows.map((row) => row.kind))) {
      const ofKind = rows.filter((row) => row.kind === kind)
      const hasCause =
        (kind === 'calendar' && hasCalendarFaults) ||
        (kind === 'payout_failed' && history.mishaps.has('account_restricted'))
      const allowed = hasCause ? Infinity : (history.causes.get(kind) ?? 0)
      if (ofKind.length > allowed)
        problems.push(
          `${ofKind.length} tasks of the kind ${kind} where ${allowed} had a cause, such as: ${ofKind.at(-1)!.key}: ${ofKind.at(-1)!.sentence}`,
        )
    }
    for (const row of rows)
      if (!row.resolvedAt && row.kind !== 'calendar') problems.push(`left open: ${row.key}: ${row.sentence}`)
    return {
      evidence: `${rows.length} tasks (${[...new Set(rows.map((row) => row.kind))].join(', ') || 'none'})`,
      problems,
    }
  },
}

export const machineryInvariants = [played, answers, rest, webhooks, jobs, tasks]
