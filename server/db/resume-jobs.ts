// Starts jobs again without duplicates of those that still wait or run.
import { sql } from 'kysely'
import type { Tx } from './client.ts'
import { enqueueAll, type JobName, type Jobs } from './jobs.ts'

/** Ours among all advisory locks of the database. */
const sweeps = 0x70726575

/**
 * Enqueues each of these jobs unless one of the same name and payload is waiting, retried or running.
 * Sweeps of several processes do so one after the other, or each of them would find nothing and start the
 * same.
 */
export async function resumeAll<Name extends JobName>(
  tx: Tx,
  name: Name,
  payloads: Jobs[Name][],
): Promise<void> {
  if (payloads.length === 0) return
  await sql`select pg_advisory_xact_lock(${sweeps}, hashtext(${name}))`.execute(tx)
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
