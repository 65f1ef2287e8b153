// A base that would close many hosts at once is more likely broken than meant: an operator is asked first.
import { createHash } from 'node:crypto'
import { closedByItself } from '../../calls/each-alone.ts'
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { announce } from '../../db/live.ts'
import { now } from '../../lib/time.ts'
import type { HostReading } from './host-reading.ts'

const cause = 'hosts-lost'

/**
 * Whether what hosts would lose is held back. An operator confirms by settling the task: it is about exactly
 * these hosts, and others make another one. The task closes by itself when the base is right again.
 */
export async function decideLosses(db: Db, reading: HostReading): Promise<boolean> {
  if (!reading.isDoubtful) {
    await closeOthers(db)
    return false
  }
  const rows = reading.unreadable.map(({ recordId }) => recordId)
  const key = `${cause}:${hashOf([...reading.lostIds, ...rows])}`
  await closeOthers(db, key)
  return inTransaction(db, async (tx) => {
    const task = await tx
      .selectFrom('operatorTasks')
      .select(['id', 'resolvedAt', 'resolution'])
      .where('key', '=', key)
      .forUpdate()
      .executeTakeFirst()
    if (!task) {
      await addOperatorTask(tx, { key, kind: 'setup', sentence: sentenceOf(reading) })
      return true
    }
    if (!task.resolvedAt) return true
    if (task.resolution === closedByItself) {
      await change(tx, task.id, { resolvedAt: null, resolution: null })
      return true
    }
    // A confirmation counts for what it was given for, once.
    if (reading.lostIds.length > 0) await change(tx, task.id, { key: `${key}:${task.id}` })
    return reading.lostIds.length === 0
  })
}

async function closeOthers(db: Db, key = ''): Promise<void> {
  const others = db
    .selectFrom('operatorTasks')
    .select('id')
    .where('key', 'like', `${cause}:%`)
    .where('key', '!=', key)
    .where('resolvedAt', 'is', null)
  if (!(await others.executeTakeFirst())) return
  await inTransaction(db, async (tx) => {
    await tx
      .updateTable('operatorTasks')
      .set({ resolvedAt: now(), resolution: closedByItself })
      .where('id', 'in', others)
      .execute()
    await announce(tx, { topics: ['ops'], forOperators: true })
  })
}

async function change(
  tx: Tx,
  id: string,
  values: { key: string } | { resolvedAt: null; resolution: null },
): Promise<void> {
  await tx.updateTable('operatorTasks').set(values).where('id', '=', id).execute()
  await announce(tx, { topics: ['ops'], forOperators: true })
}

function sentenceOf({ lostIds, unreadable }: HostReading): string {
  const [first] = unreadable
  const example = first ? `, such as the row of ${first.fullName}, which ${first.why}` : ''
  return (
    `In Airtable's Hosts, ${lostIds.length} hosts would close or lose their number or calendar at once, and ` +
    `${unreadable.length} rows cannot be read${example}. Nothing was changed for them. If a column was changed ` +
    'by mistake, mend it, and this closes by itself. If it is meant, settle this to confirm it.'
  )
}

function hashOf(ids: string[]): string {
  return createHash('sha256').update(ids.sort().join(' ')).digest('hex').slice(0, 24)
}
