// Somebody has deleted a column of ours in the base. The rows are written without it, the operators are told,
// and what was left out is written once the column is there again.
import { sql } from 'kysely'
import { type Db, inTransaction } from '../../db/client.ts'
import { addOperatorTask, closeOperatorTask } from '../../db/operator-tasks.ts'
import { recordsChanged } from '../../db/record-changes.ts'
import { missingFields } from '../../integrations/airtable.ts'
import { learnIds } from '../../integrations/airtable-ids.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { RecordTable } from './record.ts'

/** The kind of these rows in `quarantine`: they were written, and wait for a column. */
const leftOut = 'left-out-column'
const lookAgainMinutes = 5

const taskKey = (table: RecordTable, column: string) => `left-out-column:${table}:${column}`

/** Remembers that these records were written without these columns. */
export async function leaveOutColumns(
  db: Db,
  table: RecordTable,
  columns: string[],
  presenceIds: string[],
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const time = now()
    const waiting = presenceIds.toSorted().flatMap((presenceId) =>
      columns.map((column) => ({
        kind: leftOut,
        key: `${table}:${column}:${presenceId}`,
        lastError: `The base has no column "${column}"`,
        firstFailedAt: time,
        nextTryAt: addMinutes(time, lookAgainMinutes),
      })),
    )
    await tx
      .insertInto('quarantine')
      .values(waiting)
      .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing())
      .execute()
    for (const column of columns) {
      await addOperatorTask(tx, {
        key: taskKey(table, column),
        kind: 'setup',
        sentence:
          `The table ${table} in Airtable has no column "${column}" any more, so its rows are written without it. ` +
          'Please add the column again with the same name; what was left out follows by itself.',
      })
      await tx
        .updateTable('operatorTasks')
        .set({ resolvedAt: null, resolution: null })
        .where('key', '=', taskKey(table, column))
        .where('resolvedAt', 'is not', null)
        .execute()
    }
  })
}

/** Columns of a table that rows wait for. */
export async function columnsLeftOut(db: Db, table: RecordTable): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct split_part(key, ':', 2) as name from quarantine
    where kind = ${leftOut} and split_part(key, ':', 1) = ${table}`.execute(db)
  return rows.map(({ name }) => name)
}

/**
 * Looks every few minutes whether a column is there again; then every row that was written without it is
 * written once more. Answers the columns that are still missing. Throws ProviderError.
 */
export async function bringColumnsBack(ctx: Context, table: RecordTable): Promise<string[]> {
  const columns = await columnsLeftOut(ctx.db, table)
  if (columns.length === 0) return []
  const rowsOf = (column: string) =>
    sql<boolean>`kind = ${leftOut} and starts_with(key, ${`${table}:${column}:`})`
  const { due } = await ctx.db
    .selectFrom('quarantine')
    .select(sql<boolean>`bool_or(next_try_at <= ${now()}::timestamptz)`.as('due'))
    .where('kind', '=', leftOut)
    .executeTakeFirstOrThrow()
  if (!due) return columns
  await learnIds(ctx.airtable)
  const missing = await missingFields(ctx.airtable, table, columns)
  await inTransaction(ctx.db, async (tx) => {
    for (const column of missing)
      await tx
        .updateTable('quarantine')
        .set({ nextTryAt: addMinutes(now(), lookAgainMinutes) })
        .where(rowsOf(column))
        .execute()
    for (const column of columns.filter((one) => !missing.includes(one))) {
      const waiting = await tx.deleteFrom('quarantine').where(rowsOf(column)).returning('key').execute()
      await recordsChanged(
        tx,
        table,
        waiting.map(({ key }) => key.slice(`${table}:${column}:`.length)),
      )
      await closeOperatorTask(tx, taskKey(table, column), 'The column is there again.')
    }
  })
  return missing
}
