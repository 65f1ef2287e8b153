// The outbox of records for Airtable: a row in the transaction that changed the record. There is one row per
// record, so that only its newest version is written.
import { now } from '../lib/time.ts'
import type { Tx } from './client.ts'
import { announceRecords } from './live.ts'
import type { RecordChanges } from './schema.generated.ts'

export type RecordTable = RecordChanges['tableName']

export async function recordChanged(tx: Tx, table: RecordTable, presenceId: string): Promise<void> {
  await recordsChanged(tx, table, [presenceId])
}

export async function recordsChanged(tx: Tx, table: RecordTable, presenceIds: string[]): Promise<void> {
  if (presenceIds.length === 0) return
  await tx
    .insertInto('recordChanges')
    // Each once, and in one order everywhere, or two changes of the same records could deadlock.
    .values(
      [...new Set(presenceIds)]
        .sort()
        .map((presenceId) => ({ tableName: table, presenceId, changedAt: now() })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tableName', 'presenceId']).doUpdateSet((eb) => ({
        version: eb('recordChanges.version', '+', 1),
        changedAt: now(),
      })),
    )
    .execute()
  await announceRecords(tx)
}
