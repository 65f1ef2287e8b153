// Somebody writes to us, signed in or not: a task for the operators, urgent where the words suggest danger.
import { inTransaction } from '../../db/client.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { Refusal } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { addHours, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { Who } from '../request.ts'
import { urgencies, urgencyOf } from '../rooms/report.ts'
import { addAlerts } from '../rooms/add-alerts.ts'

/** So many are taken in an hour from one person, and from all who are not signed in. */
const perHour = { person: 5, strangers: 60 }

export type ContactMessage = { text: string; replyTo: string }

/** Refuses: too_many_requests. */
export async function recordContact(
  ctx: Context,
  who: Who | null,
  { text, replyTo }: ContactMessage,
): Promise<void> {
  const isUrgent = urgencyOf(text) === urgencies.danger
  const from = who ? `person ${who.personId}` : 'a stranger'
  await inTransaction(ctx.db, async (tx) => {
    const keyPart = who ? `contact:${who.personId}:` : 'contact:stranger:'
    const { count } = await tx
      .selectFrom('operatorTasks')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('kind', '=', 'contact')
      .where('key', 'like', `${keyPart}%`)
      .where('createdAt', '>', addHours(now(), -1))
      .executeTakeFirstOrThrow()
    if (count >= (who ? perHour.person : perHour.strangers))
      throw new Refusal(
        'too_many_requests',
        'We have your messages and will answer. If you are in danger, call your local emergency number now.',
      )
    const key = `${keyPart}${newId()}`
    const name = who?.member?.fullName || who?.host?.fullName || from
    await addOperatorTask(tx, {
      key,
      kind: 'contact',
      sentence: `${name} wrote, to be answered at ${replyTo}: "${text}"`,
      ...(who?.member ? { memberId: who.member.id } : {}),
      ...(who?.host ? { hostId: who.host.id } : {}),
    })
    if (!isUrgent) return
    const { id } = await tx
      .updateTable('operatorTasks')
      .set({ urgency: urgencies.danger })
      .where('key', '=', key)
      .returning('id')
      .executeTakeFirstOrThrow()
    await addAlerts(ctx, tx, id, urgencies.danger)
  })
}
