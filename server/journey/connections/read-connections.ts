import type { Db } from '../../db/client.ts'
import type { Connections } from './connections-view.ts'

/** What the last look at the services found. */
export async function readConnections(db: Db): Promise<Connections> {
  const rows = await db
    .selectFrom('connectionChecks')
    .select(['provider', 'name', 'state', 'finding', 'mend', 'cause', 'checkedAt'])
    .orderBy('position')
    .execute()
  return {
    checkedAt: rows[0]?.checkedAt.toISOString() ?? null,
    lines: rows.map(({ checkedAt: _checkedAt, ...line }) => line),
  }
}
