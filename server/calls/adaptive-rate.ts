// The pace of calls to a service whose limit differs from account to account: half as fast and a pause when
// it refuses for being asked too often, a little faster after every few calls that it took. Shared by all
// processes.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { now, toRealTime } from '../lib/time.ts'
import type { Db } from '../db/client.ts'

export type LearnedLane = 'twilio_sms'

export type AdaptiveRate = {
  /** Waits until `calls` more may be made. */
  wait: (calls: number) => Promise<void>
  /** Tells how the service took them. */
  learn: (wasRefused: boolean) => Promise<void>
}

const fastestMs = 0.5
const slowestMs = 100
const pauseMs = 1_000
/** No turn is further ahead than this; one that seems to be was given by a machine whose clock was wrong. */
const furthestMs = 60_000

// In real time, which moving our clock does not shorten: the service counts in it.
const realNow = () => toRealTime(now())
const after = (ms: number) => new Date(realNow().getTime() + ms)

export function adaptiveRate(
  db: Db,
  lane: LearnedLane,
  pause: (ms: number) => Promise<void> = sleep,
): AdaptiveRate {
  return {
    async wait(calls) {
      const { rows } = await sql<{ freeAt: Date; everyMs: number }>`
        update learned_paces
        set free_at = greatest(case when free_at > ${after(furthestMs)} then ${realNow()}::timestamptz else free_at end, ${realNow()})
          + ${calls} * every_ms * interval '1 millisecond'
        where lane = ${lane}
        returning free_at, every_ms`.execute(db)
      const [turn] = rows
      const waitMs = turn ? turn.freeAt.getTime() - calls * turn.everyMs - realNow().getTime() : 0
      if (waitMs > 0) await pause(waitMs)
    },
    async learn(wasRefused) {
      // Several calls are refused at once for one and the same haste.
      if (wasRefused) {
        await sql`
          update learned_paces
          set every_ms = least(${slowestMs}, every_ms * 2), free_at = greatest(free_at, ${after(pauseMs)}), slowed_at = ${realNow()}
          where lane = ${lane} and (slowed_at <= ${after(-pauseMs)} or slowed_at > ${realNow()})`.execute(db)
      } else {
        await sql`
          update learned_paces set every_ms = every_ms * 0.97
          where lane = ${lane} and every_ms > ${fastestMs} and (slowed_at <= ${after(-pauseMs)} or slowed_at > ${realNow()})`.execute(
          db,
        )
      }
    },
  }
}
