// After a crash without another worker, the jobs under way are made ready again at once. With other workers,
// the missing heartbeat does the same within seconds; see queue.ts.
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
        // Some queues allow only one waiting job, and have it already.
        if (!violatedConstraint(error)) throw error
      })
    }
  })
}
