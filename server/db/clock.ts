// The offset of the movable clock lives in the database, so that every process shows the same time.
import { sql } from 'kysely'
import { setClockOffset } from '../lib/time.ts'
import { type Db, inTransaction } from './client.ts'
import { announceClock } from './live.ts'

/** Reads the stored offset into this process, at start and after every move of the clock. */
export async function readClock(db: Db): Promise<void> {
  const row = await db.selectFrom('clock').select('offsetMs').executeTakeFirstOrThrow()
  setClockOffset(row.offsetMs)
}

/**
 * Moves the clock of every process to real time plus `offsetMs`. Waiting jobs move with it, since the job
 * queue counts in real time.
 */
export async function moveClock(db: Db, offsetMs: number): Promise<void> {
  await inTransaction(db, async (tx) => {
    const before = await tx.selectFrom('clock').select('offsetMs').forUpdate().executeTakeFirstOrThrow()
    const movedBy = offsetMs - before.offsetMs
    if (movedBy === 0) return
    await tx.updateTable('clock').set({ offsetMs }).execute()
    await sql`
      update pgboss.job set start_after = start_after - ${`${movedBy} milliseconds`}::interval
      where state in ('created', 'retry') and name not like '\\_\\_pgboss%'`.execute(tx)
    await announceClock(tx)
  })
  await readClock(db)
}
