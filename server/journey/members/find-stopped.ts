import { sql, type RawBuilder } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'

/** Which of these numbers have stopped our text messages; with `byWord`, by a word of their own. */
export async function findStopped(
  db: Db | Tx,
  mobileNumbers: string[],
  { byWord = false } = {},
): Promise<Set<string>> {
  if (mobileNumbers.length === 0) return new Set()
  const rows = await db
    .selectFrom('stoppedNumbers')
    .select('mobileNumber')
    .where('mobileNumber', 'in', mobileNumbers)
    .where((eb) => (byWord ? eb('byWord', '=', true) : eb.val(true)))
    .execute()
  return new Set(rows.map((row) => row.mobileNumber))
}

/** The same within a query: whether the number in this column has. */
export function hasStopped(column: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from stopped_numbers where mobile_number = ${column})`
}
