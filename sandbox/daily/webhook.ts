// Daily's webhooks: subscriptions, signatures and the circuit breaker.
// https://docs.daily.co/reference/rest-api/webhooks
import { createHmac } from 'node:crypto'
import type { Delivery, SandboxContext } from '../core/provider.ts'

export type Webhook = {
  uuid: string
  url: string
  hmac: string
  basicAuth?: string
  retryType: 'circuit-breaker' | 'exponential'
  eventTypes: string[]
  state: 'ACTIVE' | 'FAILED'
  createdAt: string
  updatedAt: string
  failuresInARow: number
  lastMomentPushed?: string
}

export const eventTypes =
  `meeting.started meeting.ended participant.joined participant.left waiting-participant.joined
  waiting-participant.left recording.started recording.ready-to-download recording.error transcript.started
  transcript.ready-to-download transcript.error streaming.started streaming.updated streaming.ended streaming.error
  batch-processor.job-finished batch-processor.error dialout.connected dialout.answered dialout.stopped dialout.warning
  dialout.error dialin.ready dialin.connected dialin.stopped dialin.warning dialin.error`
    .trim()
    .split(/\s+/)

const kind = 'daily.webhook'
const failuresToTrip = 3
export const ownWebhookId = '00000000-0000-4000-8000-00000000da11'

// Signing has no access to the store, so secrets that differ from the given one are kept here by address.
const secrets = new Map<string, string>()

export function webhooks(ctx: SandboxContext): Webhook[] {
  return ctx.store.list<Webhook>(kind)
}

export function keepWebhook(ctx: SandboxContext, webhook: Webhook) {
  ctx.store.put(kind, webhook.uuid, webhook)
  rememberSecret(ctx, webhook)
}

export function dropWebhook(ctx: SandboxContext, webhook: Webhook) {
  ctx.store.delete(kind, webhook.uuid)
  secrets.delete(webhook.url)
}

/** The core passes the secret of the sandbox's own webhook to `sign`, so that a fault can replace it. */
export function rememberSecret(ctx: SandboxContext, webhook: Webhook) {
  if (webhook.hmac === ctx.keys['DAILY_WEBHOOK_SECRET']) secrets.delete(webhook.url)
  else secrets.set(webhook.url, webhook.hmac)
}

/** Signs `timestamp.body` with the decoded secret; the timestamp is in milliseconds. */
export function signature(body: string, secret: string, timestampMs: number): Record<string, string> {
  const timestamp = String(Math.floor(timestampMs))
  const key = Buffer.from(secret, 'base64')
  return {
    'X-Webhook-Timestamp': timestamp,
    'X-Webhook-Signature': createHmac('sha256', key).update(`${timestamp}.${body}`).digest('base64'),
  }
}

export function sign(delivery: Delivery, secret: string, timestampMs: number) {
  return signature(delivery.body, secrets.get(delivery.url) ?? secret, timestampMs)
}

/** Sends `{"test":"test"}` and returns the status, 0 when there was no answer. Creation needs a 200. */
export async function ping(
  ctx: SandboxContext,
  webhook: Pick<Webhook, 'url' | 'hmac' | 'basicAuth'>,
): Promise<number> {
  const body = JSON.stringify({ test: 'test' })
  const headers = {
    'content-type': 'application/json',
    ...authorization(webhook),
    ...signature(body, webhook.hmac, ctx.clock.now()),
  }
  return fetch(webhook.url, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(5000),
  }).then(
    (response) => response.status,
    () => 0,
  )
}

export type DailyEvent = {
  version: '1.0.0'
  type: string
  id: string
  payload: Record<string, unknown>
  event_ts: number
}

/** Sends the event to every active webhook that asked for it. Runs inside the caller's transaction. */
export function emit(ctx: SandboxContext, event: DailyEvent) {
  for (const webhook of webhooks(ctx)) {
    if (!webhook.eventTypes.includes(event.type) || webhook.state === 'FAILED') continue
    ctx.deliver({
      id: event.id,
      provider: 'daily',
      type: event.type,
      url: webhook.url,
      contentType: 'application/json',
      body: JSON.stringify(event),
      headers: authorization(webhook),
    })
  }
}

/**
 * Counts the result of one attempt. Three failures in a row open the circuit breaker until the webhook is
 * updated.
 */
export function countAttempt(delivery: Delivery, isDelivered: boolean, ctx: SandboxContext): void {
  for (const webhook of webhooks(ctx).filter((one) => one.url === delivery.url)) {
    const failuresInARow = isDelivered ? 0 : webhook.failuresInARow + 1
    const isTripped = webhook.retryType === 'circuit-breaker' && failuresInARow >= failuresToTrip
    const lastMomentPushed = new Date(ctx.clock.now()).toISOString()
    ctx.store.put(kind, webhook.uuid, {
      ...webhook,
      failuresInARow,
      lastMomentPushed,
      state: isTripped ? 'FAILED' : webhook.state,
    })
  }
}

function authorization(webhook: Pick<Webhook, 'basicAuth'>): Record<string, string> {
  return webhook.basicAuth ? { authorization: `Basic ${webhook.basicAuth}` } : {}
}
