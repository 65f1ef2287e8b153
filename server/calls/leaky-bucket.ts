// A leaky-bucket rate limit for a service that refuses too many calls a second, shared by all processes: each
// call reserves the next free moment of a bucket by one update and waits for it. A moment that is too far
// away is not reserved.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { now } from '../lib/time.ts'
import type { Db } from '../db/client.ts'

type BucketName = 'daily_ahead' | 'daily_soon' | 'daily_delete'

export type Bucket = {
  name: BucketName
  /** One call leaks out every so many milliseconds. */
  everyMs: number
  /** So many calls may be made together after a pause. */
  burst: number
}

export type BucketLimit = { bucket: Bucket; maxWaitMs: number }

/** No moment is reserved further ahead; a later one was reserved before the clock was moved back. */
const maxAheadMs = 60_000

/**
 * Reserves the bucket's next free moment and returns the milliseconds until then; undefined where that is
 * more than `maxWaitMs`, and nothing is reserved.
 */
export async function reserveMoment(
  db: Db,
  { name, everyMs, burst }: Bucket,
  maxWaitMs: number,
): Promise<number | undefined> {
  const time = now()
  const after = (ms: number) => new Date(time.getTime() + ms)
  const { rows } = await sql<{ freeAt: Date }>`
    update leaky_buckets
    set free_at = greatest(
      case when free_at > ${after(maxAheadMs)} then ${time}::timestamptz else free_at end,
      ${after(-everyMs * (burst - 1))}) + ${`${everyMs} milliseconds`}::interval
    where lane = ${name}
      and (free_at <= ${after(Math.min(maxWaitMs, maxAheadMs))} or free_at > ${after(maxAheadMs)})
    returning free_at`.execute(db)
  const [reserved] = rows
  return reserved && Math.max(0, reserved.freeAt.getTime() - everyMs - time.getTime())
}

/** Waits for a moment of the first bucket that has one in time; false where none has. */
export async function waitForRate(db: Db, limits: BucketLimit[]): Promise<boolean> {
  for (const { bucket, maxWaitMs } of limits) {
    const waitMs = await reserveMoment(db, bucket, maxWaitMs)
    if (waitMs === undefined) continue
    if (waitMs > 0) await sleep(waitMs)
    return true
  }
  return false
}
