// Daily's REST API in our words (https://docs.daily.co/reference/rest-api): every call within Daily's rate
// limits, and the signatures of webhooks.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Config } from '../config.ts'
import type { Bucket, BucketLimit } from '../calls/leaky-bucket.ts'
import { ProviderError } from '../lib/errors.ts'
import { type HttpAnswer, requestJson, statusIsAmbiguous } from './provider-error.ts'

/** Who waits for a call: nobody yet, a session that begins soon, a person who joins now, or a deletion. */
export type DailyUrgency = 'ahead' | 'soon' | 'now' | 'delete'

export type DailyClient = Config['daily'] & {
  /** Asked before every call, since Daily refuses more than 20 a second; false: do not call. */
  waitForRate?: (urgency: DailyUrgency) => Promise<boolean>
}

/**
 * Two leaky buckets over all processes, so that a person who joins never waits behind rooms of the next hour:
 * together at most 88 of the 100 calls that Daily allows in five seconds. Daily counts deletions apart: at
 * most 46 of 50 in thirty seconds.
 */
const buckets = {
  ahead: { name: 'daily_ahead', everyMs: 100, burst: 5 },
  soon: { name: 'daily_soon', everyMs: 200, burst: 8 },
  delete: { name: 'daily_delete', everyMs: 700, burst: 4 },
} as const satisfies Record<string, Bucket>

/** Which buckets a call may use, and how long it waits for each. */
export const dailyLimits: Record<DailyUrgency, BucketLimit[]> = {
  ahead: [{ bucket: buckets.ahead, maxWaitMs: 30_000 }],
  soon: [
    { bucket: buckets.soon, maxWaitMs: 500 },
    { bucket: buckets.ahead, maxWaitMs: 30_000 },
  ],
  now: [
    { bucket: buckets.soon, maxWaitMs: 800 },
    { bucket: buckets.ahead, maxWaitMs: 4_000 },
  ],
  delete: [{ bucket: buckets.delete, maxWaitMs: 20_000 }],
}

const failure = z.object({ error: z.string().optional(), info: z.string().optional() })

export async function callDaily(
  daily: DailyClient,
  urgency: DailyUrgency,
  method: string,
  path: string,
  body?: unknown,
  expects?: number[],
): Promise<HttpAnswer> {
  if (daily.waitForRate && !(await daily.waitForRate(urgency))) {
    throw new ProviderError('daily', 'too many calls are waiting', {
      ambiguous: false,
      status: 429,
      code: 'own_limit',
    })
  }
  const answer = await requestJson('daily', `${daily.apiUrl}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${daily.apiKey}` },
    body,
    ...(expects ? { expects } : {}),
  })
  if (answer.status < 400) return answer
  const said = failure.safeParse(answer.body)
  throw new ProviderError('daily', said.data?.info ?? said.data?.error ?? `status ${answer.status}`, {
    ambiguous: method !== 'GET' && statusIsAmbiguous(answer.status),
    status: answer.status,
    code: said.data?.error,
  })
}

export function parseDaily<Output>(schema: z.ZodType<Output>, answer: HttpAnswer): Output {
  const parsed = schema.safeParse(answer.body)
  if (parsed.success) return parsed.data
  throw new ProviderError('daily', 'an answer of an unknown shape', {
    ambiguous: true,
    status: answer.status,
    cause: parsed.error,
  })
}

export const unixSeconds = (moment: Date) => Math.floor(moment.getTime() / 1000)

/**
 * X-Webhook-Signature: base64 HMAC-SHA256, keyed with the decoded secret, of `timestamp.body` (milliseconds).
 */
export function isDailySignatureValid(
  daily: DailyClient,
  signature: string | undefined,
  timestamp: string | undefined,
  rawBody: string,
  receivedAt: Date,
): boolean {
  if (daily.webhookSecret === '' || !signature || !timestamp || !/^[0-9]{10,16}$/.test(timestamp))
    return false
  const key = Buffer.from(daily.webhookSecret, 'base64')
  const expected = createHmac('sha256', key).update(`${timestamp}.${rawBody}`).digest()
  const given = Buffer.from(signature, 'base64')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false
  return receivedAt.getTime() - Number(timestamp) <= oldestMs
}

const oldestMs = 5 * 60_000
