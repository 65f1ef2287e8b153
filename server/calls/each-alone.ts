// Bulkhead for loops over rows of an outside service: each row is tried alone. What fails is quarantined with
// its tries, its last error and its next time, and the rest go on. The same row never makes two tasks.
import { sql } from 'kysely'
import { type Db, inTransaction, type Tx } from '../db/client.ts'
import { addOperatorTask, type NewOperatorTask } from '../db/operator-tasks.ts'
import { ProviderError } from '../lib/errors.ts'
import { addMinutes, now } from '../lib/time.ts'

export type EachAlone<Row> = {
  /** What is done with each, such as `reverse-payout`. Together with the row's key it names the cause. */
  kind: string
  /** Made from our ids, the same for every try. */
  keyOf: (row: Row) => string
  act: (row: Row) => Promise<void>
  /**
   * What an operator is told when the row keeps failing. Its key is the cause's: one task, however many
   * tries.
   */
  taskFor: (row: Row, lastError: string) => Omit<NewOperatorTask, 'key'>
  /** Money waits for it: an operator is told after an hour without an end, whatever the number of tries. */
  isMoney?: boolean
  /** Not the row's fault, such as a service that is away: thrown, so that the caller's job is tried again. */
  isTransient?: (error: unknown) => boolean
  /** A try costs no call, so a row is tried every time and leaves the quarantine as soon as it succeeds. */
  isFree?: boolean
  /** The queue's own signal: rows that are left when it aborts are done by the next job. */
  signal?: AbortSignal | undefined
}

/** Tries after which an operator is told. */
const triesBeforeTask = 8
const moneyMinutes = 60
const maxBackoffMinutes = 60
export const closedByItself = 'It succeeded by itself.'

/**
 * Acts on each row that is not waiting in quarantine, in the order given. A row's own failure is never
 * thrown. Answers how many succeeded. A row that succeeds leaves the quarantine, and its open task is
 * closed.
 */
export async function eachAlone<Row>(db: Db, rows: Row[], options: EachAlone<Row>): Promise<number> {
  const { kind, keyOf, act, isTransient, signal, isFree = false } = options
  const waiting = await quarantined(db, kind, rows.map(keyOf))
  let succeeded = 0
  for (const row of rows) {
    if (signal?.aborted) break
    const key = keyOf(row)
    const entry = waiting.get(key)
    if (entry && !isFree && entry.nextTryAt > now()) continue
    try {
      await act(row)
      succeeded++
      if (entry) await release(db, kind, key)
    } catch (error) {
      if (isTransient?.(error)) throw error
      await quarantine(db, row, options, error)
    }
  }
  return succeeded
}

/** Lets a row be tried at once, since an operator has removed the cause. */
export async function leaveQuarantine(tx: Tx, kind: string, key: string): Promise<void> {
  await tx.deleteFrom('quarantine').where('kind', '=', kind).where('key', '=', key).execute()
}

/** The keys of a kind that wait to be tried again, for callers that do not find them by themselves. */
export async function quarantinedKeys(db: Db, kind: string): Promise<string[]> {
  const rows = await db.selectFrom('quarantine').select('key').where('kind', '=', kind).execute()
  return rows.map(({ key }) => key)
}

async function quarantined(db: Db, kind: string, keys: string[]): Promise<Map<string, { nextTryAt: Date }>> {
  if (keys.length === 0) return new Map()
  const rows = await db
    .selectFrom('quarantine')
    .select(['key', 'nextTryAt'])
    .where('kind', '=', kind)
    .where(sql<boolean>`key = any(${keys}::text[])`)
    .execute()
  return new Map(rows.map(({ key, nextTryAt }) => [key, { nextTryAt }]))
}

async function quarantine<Row>(db: Db, row: Row, options: EachAlone<Row>, error: unknown): Promise<void> {
  const { kind, keyOf, taskFor, isMoney = false } = options
  const key = keyOf(row)
  const lastError = error instanceof Error ? error.message : String(error)
  await inTransaction(db, async (tx) => {
    const time = now()
    const entry = await tx
      .insertInto('quarantine')
      .values({ kind, key, lastError, firstFailedAt: time, nextTryAt: addMinutes(time, 1) })
      .onConflict((conflict) =>
        conflict
          .columns(['kind', 'key'])
          .doUpdateSet((eb) => ({ lastError, tries: eb('quarantine.tries', '+', 1) })),
      )
      .returning(['tries', 'firstFailedAt'])
      .executeTakeFirstOrThrow()
    // A service's refusal is in the table. Anything else may be a mistake of ours, and its stack says where.
    if (entry.tries === 1 && !(error instanceof ProviderError))
      console.warn(`${kind} of ${key} failed and is put aside:`, error)
    const backoff = Math.min(maxBackoffMinutes, 2 ** (entry.tries - 1))
    await tx
      .updateTable('quarantine')
      .set({ nextTryAt: addMinutes(time, backoff) })
      .where('kind', '=', kind)
      .where('key', '=', key)
      .execute()
    const isOld = isMoney && entry.firstFailedAt <= addMinutes(time, -moneyMinutes)
    if (entry.tries < triesBeforeTask && !isOld) return
    await addOperatorTask(tx, { ...taskFor(row, lastError), key: causeOf(kind, key) })
    // The same cause again: a task that had closed by itself is open again.
    await tx
      .updateTable('operatorTasks')
      .set({ resolvedAt: null, resolution: null })
      .where('key', '=', causeOf(kind, key))
      .where('resolution', '=', closedByItself)
      .execute()
  })
}

/** The row succeeded after all: nothing waits for an operator any more. */
async function release(db: Db, kind: string, key: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.deleteFrom('quarantine').where('kind', '=', kind).where('key', '=', key).execute()
    await tx
      .updateTable('operatorTasks')
      .set({ resolvedAt: now(), resolution: closedByItself })
      .where('key', '=', causeOf(kind, key))
      .where('resolvedAt', 'is', null)
      .execute()
  })
}

const causeOf = (kind: string, key: string) => `${kind}:${key}`
