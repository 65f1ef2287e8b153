// Turns for calls to a service that refuses too many in a second, shared by all processes: each takes the
// next free moment of a lane by one update and waits for it. A turn that is too far away is not taken.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { now } from '../lib/time.ts'
import type { Db } from '../db/client.ts'

export type Lane = 'daily_ahead' | 'daily_soon' | 'daily_delete'

export type Rate = {
  lane: Lane
  /** One call in this many milliseconds, and this many at once after a pause. */
  everyMs: number
  atOnce: number
}

/**
 * No turn is given further ahead than this; one that seems to be was given before the clock was moved back.
 */
const furthestMs = 60_000

/**
 * How long to wait for the turn that was taken, in milliseconds; undefined where it is more than `patienceMs`
 * away, and none is taken.
 */
export async function reserveMoment(
  db: Db,
  { lane, everyMs, atOnce }: Rate,
  patienceMs: number,
): Promise<number | undefined> {
  const time = now()
  const after = (ms: number) => new Date(time.getTime() + ms)
  const { rows } = await sql<{ freeAt: Date }>`
    update call_paces
    set free_at = greatest(case when free_at > ${after(furthestMs)} then ${time}::timestamptz else free_at end,
      ${after(-everyMs * (atOnce - 1))}) + ${`${everyMs} milliseconds`}::interval
    where lane = ${lane} and (free_at <= ${after(Math.min(patienceMs, furthestMs))} or free_at > ${after(furthestMs)})
    returning free_at`.execute(db)
  const [taken] = rows
  return taken && Math.max(0, taken.freeAt.getTime() - everyMs - time.getTime())
}

/** Takes the nearer turn of two lanes' and waits for it; false where both are too far away. */
export async function waitForRate(db: Db, lanes: { pace: Rate; patienceMs: number }[]): Promise<boolean> {
  for (const { pace, patienceMs } of lanes) {
    const waitMs = await reserveMoment(db, pace, patienceMs)
    if (waitMs === undefined) continue
    if (waitMs > 0) await sleep(waitMs)
    return true
  }
  return false
}
