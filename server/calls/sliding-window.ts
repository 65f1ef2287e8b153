// A sliding-window rate limit: counts the calls that a service has had in the last minute, over all
// processes, for services that refuse too many.
import { sql } from 'kysely'
import { now } from '../lib/time.ts'
import type { Db } from '../db/client.ts'

const windowMs = 60_000
/** Processes' clocks agree to within this. */
const skewMs = 5_000

/** Counts one more call unless the last minute has had `max` already; false means: do not call. */
export async function allowCall(db: Db, provider: string, max: number): Promise<boolean> {
  const time = now()
  const since = new Date(time.getTime() - windowMs)
  const until = new Date(time.getTime() + skewMs)
  const counted = await sql`
    update sliding_windows
    set called_at = array_append(
      array(select t from unnest(called_at) t where t > ${since} and t <= ${until}), ${time}::timestamptz)
    where provider = ${provider}
      and (select count(*) from unnest(called_at) t where t > ${since} and t <= ${until}) < ${max}`.execute(
    db,
  )
  return counted.numAffectedRows === 1n
}
