// Writes changed records to Airtable: the newest version of each, ten in a request, members before the
// records that link to them. There is one writer for each base: two concurrent upserts of one new record
// could make two rows.
import { sql } from 'kysely'
import { withAdvisoryLock } from '../../db/advisory-lock.ts'
import { type Db, inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { recordsPerWrite } from '../../integrations/airtable.ts'
import { NotYet } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { bringColumnsBack } from './leave-out-columns.ts'
import { type RecordTable, recordTables } from './record.ts'
import { type Pending, refusedRecords, writeAlone, writeBatch } from './write-batch.ts'

/** Requests of one job, about a minute of them; the next job writes what is left. */
const requestsPerJob = 200

/**
 * Writes until nothing is waiting, or until a slice of the backlog is written and the next job is enqueued.
 * Throws ProviderError where Airtable fails, and NotYet where another process writes; what is not written
 * stays waiting.
 */
export async function writeRecords(ctx: Context, signal?: AbortSignal): Promise<void> {
  const isWriter = await withAdvisoryLock(ctx.db, 'write-records', async (confirm) => {
    let requests = 0
    const mayWrite = async () => {
      if (signal?.aborted) return false
      await confirm()
      return requests++ < requestsPerJob
    }
    for (const table of recordTables) {
      if (!(await writeTable(ctx, table, mayWrite))) break
    }
    if (requests > requestsPerJob && !signal?.aborted)
      await inTransaction(ctx.db, (tx) => enqueue(tx, 'write-records', {}))
  })
  if (!isWriter) throw new NotYet('another process is writing to Airtable')
}

/** Answers whether the whole table was written. */
async function writeTable(
  ctx: Context,
  table: RecordTable,
  mayWrite: () => Promise<boolean>,
): Promise<boolean> {
  await bringColumnsBack(ctx, table)
  for (;;) {
    const batch = await nextBatch(ctx.db, table)
    if (batch.length === 0) break
    if (!(await mayWrite())) return false
    await writeBatch(ctx, table, batch)
  }
  for (const pending of await dueInQuarantine(ctx.db, table)) {
    if (!(await mayWrite())) return false
    await writeAlone(ctx, table, [pending])
  }
  return true
}

const keyInQuarantine = sql<string>`table_name || ':' || presence_id`

function nextBatch(db: Db, table: RecordTable): Promise<Pending[]> {
  return db
    .selectFrom('recordChanges')
    .select(['presenceId', 'version'])
    .where('tableName', '=', table)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('quarantine')
            .select('key')
            .where('kind', '=', refusedRecords)
            .where('key', '=', keyInQuarantine),
        ),
      ),
    )
    .orderBy('changedAt')
    .orderBy('presenceId')
    .limit(recordsPerWrite)
    .execute()
}

/** Records that were refused before: each is tried alone, never again together with others. */
function dueInQuarantine(db: Db, table: RecordTable): Promise<Pending[]> {
  return db
    .selectFrom('recordChanges')
    .innerJoin('quarantine', (join) =>
      join.on('quarantine.kind', '=', refusedRecords).on('quarantine.key', '=', keyInQuarantine),
    )
    .select(['presenceId', 'version'])
    .where('tableName', '=', table)
    .where('nextTryAt', '<=', now())
    .orderBy('nextTryAt')
    .orderBy('presenceId')
    .execute()
}
