// Who works on jobs holds a shared lock for as long as they live; PostgreSQL takes it away when they die.
// Whoever can take it alone knows that nobody else works, and that a job marked as running runs nowhere.
import { sql } from 'kysely'
import type pg from 'pg'
import type { Db } from './client.ts'

const lock = 0x70726573

/** Held from now on for the life of this connection. */
export async function holdWorkerLock(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_lock_shared($1)', [lock])
}

/**
 * Runs `act` if nobody works on jobs, and keeps everybody from beginning meanwhile. Answers whether it ran.
 */
export async function ifNobodyWorks(db: Db, act: () => Promise<void>): Promise<boolean> {
  return db.connection().execute(async (connection) => {
    const { rows } = await sql<{
      isAlone: boolean
    }>`select pg_try_advisory_lock(${lock}) as is_alone`.execute(connection)
    if (!rows[0]?.isAlone) return false
    try {
      await act()
    } finally {
      await sql`select pg_advisory_unlock(${lock})`.execute(connection)
    }
    return true
  })
}
