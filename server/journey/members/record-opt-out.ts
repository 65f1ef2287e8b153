// A number that has stopped our text messages is known: a banner says how to start again, and the other side
// and the operators see it.
import { z } from 'zod'
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { addOperatorTask, closeOperatorTask } from '../../db/operator-tasks.ts'
import { now } from '../../lib/time.ts'
import { optOutWord } from './opt-out.ts'

const textShape = z.object({
  From: z.string(),
  Body: z.string().optional(),
  OptOutType: z.string().optional(),
})

/** A text that somebody sent us: STOP and START change what we send, everything else is only kept. */
export async function recordOptOut(db: Db, payload: unknown): Promise<void> {
  const { data } = textShape.safeParse(payload)
  const word = data && optOutWord(data)
  if (word === 'STOP') await inTransaction(db, (tx) => recordStopped(tx, data!.From, { byWord: true }))
  if (word === 'START') await inTransaction(db, (tx) => recordStarted(tx, data!.From))
}

/** `byWord`: their own. Otherwise Twilio refuses the number, which a later success corrects. */
export async function recordStopped(
  tx: Tx,
  mobileNumber: string,
  { byWord }: { byWord: boolean },
): Promise<void> {
  const added = await tx
    .insertInto('stoppedNumbers')
    .values({ mobileNumber, byWord, stoppedAt: now() })
    .onConflict((conflict) =>
      conflict
        .column('mobileNumber')
        .doUpdateSet({ byWord: true })
        .where('stoppedNumbers.byWord', '<', byWord),
    )
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows !== 1n) return
  const { host, member } = await peopleOf(tx, mobileNumber)
  const name = host?.fullName ?? member?.fullName
  if (name !== undefined)
    await addOperatorTask(tx, {
      key: `stopped_texts:${mobileNumber}:${now().toISOString()}`,
      kind: 'contact',
      sentence: `${name || 'A member'} has stopped our text messages, so reminders and changes do not reach them. Their pages say how to start them again; call them where a session is close.`,
      ...(host ? { hostId: host.id } : {}),
      ...(member ? { memberId: member.id } : {}),
    })
  await announceTo(tx, host?.id, member?.id)
}

/** They texted START, or Twilio delivers to the number again. */
export async function recordStarted(tx: Tx, mobileNumber: string): Promise<void> {
  const removed = await tx
    .deleteFrom('stoppedNumbers')
    .where('mobileNumber', '=', mobileNumber)
    .executeTakeFirst()
  if (removed.numDeletedRows === 0n) return
  const open = await tx
    .selectFrom('operatorTasks')
    .select('key')
    .where('key', 'like', `stopped_texts:${mobileNumber}:%`)
    .where('resolvedAt', 'is', null)
    .execute()
  for (const { key } of open) await closeOperatorTask(tx, key, 'they started our text messages again')
  const { host, member } = await peopleOf(tx, mobileNumber)
  await announceTo(tx, host?.id, member?.id)
}

async function peopleOf(tx: Tx, mobileNumber: string) {
  const find = (table: 'hosts' | 'members') =>
    tx
      .selectFrom(table)
      .select(['id', 'fullName'])
      .where('mobileNumber', '=', mobileNumber)
      .orderBy('createdAt', 'desc')
      .executeTakeFirst()
  return { host: await find('hosts'), member: await find('members') }
}

async function announceTo(tx: Tx, hostId: string | undefined, memberId: string | undefined): Promise<void> {
  if (!hostId && !memberId) return
  await announce(tx, {
    topics: ['bookings', 'host', 'me'],
    ...(memberId ? { memberId } : {}),
    ...(hostId ? { hostId } : {}),
  })
}
