// Starts jobs again without duplicates of those that still wait or run.
import { sql } from 'kysely'
import type { Tx } from '../db/client.ts'
import { enqueueAll, type JobName, type Jobs } from '../db/jobs.ts'

/** Enqueues each of these jobs unless one of the same name and payload is waiting, retried or running. */
export async function resumeAll<Name extends JobName>(
  tx: Tx,
  name: Name,
  payloads: Jobs[Name][],
): Promise<void> {
  if (payloads.length === 0) return
  // There may be thousands at a full hour, so one statement compares them, by hash.
  const { rows } = await sql<{ index: number }>`
    select wanted.index::int
    from jsonb_array_elements(${JSON.stringify(payloads)}::jsonb) with ordinality wanted(data, index)
    where wanted.data not in (
      select data from pgboss.job
      where name = ${name} and state in ('created', 'retry', 'active') and data is not null)
    order by wanted.index`.execute(tx)
  await enqueueAll(
    tx,
    name,
    rows.map(({ index }) => payloads[index - 1]!),
  )
}
