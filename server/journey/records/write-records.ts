// Writes changed records to Airtable: the newest version of each, ten in a request, members before the
// records that link to them. There is one writer for each base: two concurrent upserts of one new record
// could make two rows.
import { sql } from 'kysely'
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { recordsPerWrite, upsertRecords } from '../../integrations/airtable.ts'
import { failpoint } from '../../lib/failpoint.ts'
import type { Context } from '../context.ts'
import { readFields } from './read-fields.ts'
import { type RecordTable, recordTables } from './record.ts'

type Pending = { presenceId: string; version: number }

/**
 * Writes until nothing is waiting. Throws ProviderError where Airtable fails; what is not written stays
 * waiting.
 */
export async function writeRecords(ctx: Context): Promise<void> {
  for (const table of recordTables) {
    for (
      let batch = await nextBatch(ctx.db, table);
      batch.length > 0;
      batch = await nextBatch(ctx.db, table)
    ) {
      await writeBatch(ctx, table, batch)
    }
  }
}

function nextBatch(db: Db, table: RecordTable): Promise<Pending[]> {
  return db
    .selectFrom('recordChanges')
    .select(['presenceId', 'version'])
    .where('tableName', '=', table)
    .orderBy('changedAt')
    .orderBy('presenceId')
    .limit(recordsPerWrite)
    .execute()
}

async function writeBatch(ctx: Context, table: RecordTable, batch: Pending[]): Promise<void> {
  const fields = await readFields(
    ctx.db,
    table,
    batch.map((pending) => pending.presenceId),
  )
  const recordIds =
    fields.length > 0 ? await upsertRecords(ctx.airtable, table, fields) : new Map<string, string>()
  failpoint('after-call:records')
  await inTransaction(ctx.db, async (tx) => {
    // Lock the record first, then its change: every verb takes these locks in this order.
    if (table === 'Members') await rememberRecordIds(tx, recordIds)
    for (const { presenceId, version } of batch) {
      // A record that changed during the write stays waiting.
      await tx
        .deleteFrom('recordChanges')
        .where('tableName', '=', table)
        .where('presenceId', '=', presenceId)
        .where('version', '=', version)
        .execute()
    }
  })
}

async function rememberRecordIds(tx: Tx, recordIds: Map<string, string>): Promise<void> {
  for (const [memberId, recordId] of recordIds) {
    await tx
      .updateTable('members')
      .set({ airtableRecordId: recordId })
      .where('id', '=', memberId)
      .where(sql<boolean>`airtable_record_id is distinct from ${recordId}`)
      .execute()
  }
}
