// An adaptive rate (like AIMD) for a service whose rate limit differs from account to account: a refusal for
// too many calls halves the rate and makes a pause, every success raises it a little. Shared by all
// processes.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { now, toRealTime } from '../lib/time.ts'
import type { Db } from '../db/client.ts'

export type RateKey = 'twilio_sms'

export type AdaptiveRate = {
  /** Waits until `calls` more may be made. */
  wait: (calls: number) => Promise<void>
  /** Adapts the rate to the service's answer. */
  adapt: (wasRefused: boolean) => Promise<void>
}

const minIntervalMs = 0.5
const maxIntervalMs = 100
const pauseMs = 1_000
/** No call waits longer; a later moment was written by a machine whose clock was wrong. */
const maxAheadMs = 60_000

// In real time, which moving our clock does not shorten: the service counts in it.
const realNow = () => toRealTime(now())
const after = (ms: number) => new Date(realNow().getTime() + ms)

export function adaptiveRate(
  db: Db,
  key: RateKey,
  pause: (ms: number) => Promise<void> = sleep,
): AdaptiveRate {
  return {
    async wait(calls) {
      const { rows } = await sql<{ freeAt: Date; everyMs: number }>`
        update adaptive_rates
        set free_at = greatest(
          case when free_at > ${after(maxAheadMs)} then ${realNow()}::timestamptz else free_at end,
          ${realNow()}) + ${calls} * every_ms * interval '1 millisecond'
        where lane = ${key}
        returning free_at, every_ms`.execute(db)
      const [reserved] = rows
      const waitMs = reserved ? reserved.freeAt.getTime() - calls * reserved.everyMs - realNow().getTime() : 0
      if (waitMs > 0) await pause(waitMs)
    },
    async adapt(wasRefused) {
      // One burst has several calls refused together: only the first refusal in a pause counts.
      const isOutsidePause = sql<boolean>`(slowed_at <= ${after(-pauseMs)} or slowed_at > ${realNow()})`
      if (wasRefused) {
        await sql`
          update adaptive_rates
          set every_ms = least(${maxIntervalMs}, every_ms * 2),
            free_at = greatest(free_at, ${after(pauseMs)}), slowed_at = ${realNow()}
          where lane = ${key} and ${isOutsidePause}`.execute(db)
      } else {
        await sql`
          update adaptive_rates set every_ms = every_ms * 0.97
          where lane = ${key} and every_ms > ${minIntervalMs} and ${isOutsidePause}`.execute(db)
      }
    },
  }
}
