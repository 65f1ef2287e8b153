// Work that only one process may do at a time, whatever the queue allows: an advisory lock of PostgreSQL,
// which takes it away when the holder's connection dies.
import { sql } from 'kysely'
import type { Db } from './client.ts'

/** Ours among all advisory locks of the database. */
const namespace = 0x70726574

/**
 * Runs `act` unless another process runs it under this name, and answers whether it did. `confirm` throws
 * where the lock was lost with its connection: call it before each step that nobody else may make.
 */
export async function withAdvisoryLock(
  db: Db,
  name: string,
  act: (confirm: () => Promise<void>) => Promise<void>,
): Promise<boolean> {
  return db.connection().execute(async (connection) => {
    const { rows } = await sql<{ isOurs: boolean }>`
      select pg_try_advisory_lock(${namespace}, hashtext(${name})) as is_ours`.execute(connection)
    if (!rows[0]?.isOurs) return false
    try {
      await act(async () => void (await sql`select 1`.execute(connection)))
    } finally {
      await sql`select pg_advisory_unlock(${namespace}, hashtext(${name}))`.execute(connection)
    }
    return true
  })
}
