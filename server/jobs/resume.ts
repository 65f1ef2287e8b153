// Starting something again without piling it up: a job that still waits or runs will do it.
import { sql } from 'kysely'
import type { Tx } from '../db/client.ts'
import { enqueue, type JobName, type Jobs } from '../db/jobs.ts'

/** Enqueues a job unless one of this name and payload is waiting, being tried again or running. */
export async function resume<Name extends JobName>(tx: Tx, name: Name, payload: Jobs[Name]): Promise<void> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (
      select from pgboss.job
      where name = ${name} and state in ('created', 'retry', 'active') and data @> ${JSON.stringify(payload)}::jsonb
    ) as found`.execute(tx)
  if (!rows[0]?.found) await enqueue(tx, name, payload)
}
