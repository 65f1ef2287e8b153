// All that one person reports of another is one open task, and operators on duty hear of it by SMS: when it
// is opened, and once more when it becomes urgent. Two hundred reports make two messages.
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import type { Role } from '../bookings/participant.ts'
import type { Context } from '../context.ts'
import type { Pair } from '../members/find-blocked.ts'
import { addAlerts } from './add-alerts.ts'
import { reportSentence, type Urgency } from './report.ts'

type Told = { reportId: string; bookingId: string; pair: Pair; role: Role }

/** The calendars of both are locked, so that two reports at once do not open two tasks. */
export async function addReportTask(ctx: Context, tx: Tx, told: Told): Promise<void> {
  const open = await findOpenTask(tx, told)
  const key = open?.key ?? `report:${told.reportId}`
  if (!open)
    await addOperatorTask(tx, {
      key,
      kind: 'report',
      sentence: '',
      bookingId: told.bookingId,
      memberId: told.pair.memberId,
      hostId: told.pair.hostId,
    })
  const { id: taskId } = await tx
    .selectFrom('operatorTasks')
    .select('id')
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  await tx.updateTable('reports').set({ taskId }).where('id', '=', told.reportId).execute()
  const { urgency, sentence, endedBookingId } = await summarize(tx, taskId, told)
  await tx
    .updateTable('operatorTasks')
    .set({ urgency, sentence, ...(endedBookingId ? { bookingId: endedBookingId } : {}) })
    .where('id', '=', taskId)
    .execute()
  await announce(tx, { topics: ['ops'], forOperators: true })
  if (urgency > (open?.urgency ?? 0)) await addAlerts(ctx, tx, taskId, urgency)
}

async function findOpenTask(tx: Tx, { pair, role }: Told) {
  return tx
    .selectFrom('reports')
    .innerJoin('operatorTasks', 'operatorTasks.id', 'reports.taskId')
    .select(['operatorTasks.key', 'operatorTasks.urgency'])
    .where('operatorTasks.resolvedAt', 'is', null)
    .where('operatorTasks.hostId', '=', pair.hostId)
    .where('operatorTasks.memberId', '=', pair.memberId)
    .where('reports.reporter', '=', role)
    .executeTakeFirst()
}

/** The most urgent words, and the latest of those. */
async function summarize(tx: Tx, taskId: string, { pair, role }: Told) {
  const reports = await tx
    .selectFrom('reports')
    .select(['body', 'urgency', 'hasEndedSession', 'bookingId'])
    .where('taskId', '=', taskId)
    .orderBy('urgency', 'desc')
    .orderBy('createdAt', 'desc')
    .execute()
  const names = await sql<{ host: string; member: string }>`
    select (select full_name from hosts where id = ${pair.hostId}::uuid) as host,
      (select full_name from members where id = ${pair.memberId}::uuid) as member`.execute(tx)
  const named = (one: Role) => ({ name: names.rows[0]![one], role: one })
  const [first] = reports
  const urgency = first!.urgency as Urgency
  return {
    urgency,
    endedBookingId: reports.find((report) => report.hasEndedSession)?.bookingId,
    sentence: reportSentence({
      reporter: named(role),
      other: named(role === 'host' ? 'member' : 'host'),
      count: reports.length,
      text: first!.body,
      hasEndedSession: reports.some((report) => report.hasEndedSession),
    }),
  }
}
