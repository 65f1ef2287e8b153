// Texts from Airtable: each row alone is brought in line, and only where it differs.
import { eachAlone, quarantinedKeys } from '../../calls/each-alone.ts'
import { type Db, inTransaction, type Tx } from '../../db/client.ts'

/**
 * Writes each row in a transaction of its own. One that the database refuses is put aside with its last good
 * version, and leaves the quarantine when it is written or gone.
 */
export async function writeEachRow<Row extends { airtableRecordId: string }>(
  db: Db,
  table: string,
  rows: Row[],
  write: (tx: Tx, row: Row) => Promise<unknown>,
): Promise<void> {
  const kind = `read-row:${table}`
  const byKey = new Map(rows.map((row) => [row.airtableRecordId, row]))
  const keys = [...new Set([...byKey.keys(), ...(await quarantinedKeys(db, kind))])]
  await eachAlone(db, keys, {
    kind,
    keyOf: (key) => key,
    isFree: true,
    act: async (key) => {
      const row = byKey.get(key)
      if (row) await inTransaction(db, (tx) => write(tx, row))
    },
    taskFor: (key, lastError) => ({
      kind: 'setup',
      sentence: `The row ${key} in Airtable's ${table} cannot be used: ${lastError}. Until it is mended, what was read before is used.`,
    }),
  })
}
