// After a crash: the jobs that were under way are made ready again at once. Where other workers live, a
// missing heartbeat tells them within seconds which jobs were the crashed one's; see queue.ts.
import { sql } from 'kysely'
import type { PgBoss } from 'pg-boss'
import type { Db } from '../db/client.ts'
import { violatedConstraint } from '../db/client.ts'
import { ifNobodyWorks } from '../db/worker-lock.ts'

export async function recoverOrphans(db: Db, boss: PgBoss): Promise<void> {
  await ifNobodyWorks(db, async () => {
    const { rows } = await sql<{
      id: string
      name: string
    }>`select id, name from pgboss.job where state = 'active'`.execute(db)
    for (const { id, name } of rows) {
      await boss.cancel(name, id)
      await boss.resume(name, id).catch((error: unknown) => {
        // Of some jobs one is enough, and it is waiting already.
        if (!violatedConstraint(error)) throw error
      })
    }
  })
}
