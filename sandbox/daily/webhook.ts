// Daily's webhooks: who gets which event, how it is signed, and the circuit breaker.
// https://docs.daily.co/reference/rest-api/webhooks
import { createHmac } from 'node:crypto'
import type { JournalEntry } from '../core/journal.ts'
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
  /** Journal entries up to this one no longer count as failures. */
  countsFrom: number
}

export const eventTypes = `meeting.started meeting.ended participant.joined participant.left waiting-participant.joined
  waiting-participant.left recording.started recording.ready-to-download recording.error transcript.started
  transcript.ready-to-download transcript.error streaming.started streaming.updated streaming.ended streaming.error
  batch-processor.job-finished batch-processor.error dialout.connected dialout.answered dialout.stopped dialout.warning
  dialout.error dialin.ready dialin.connected dialin.stopped dialin.warning dialin.error`.trim().split(/\s+/)

const kind = 'daily.webhook'
const failuresToTrip = 3
export const ownWebhookId = '00000000-0000-4000-8000-00000000da11'

// Deliveries are signed without the store at hand, so secrets that differ from the given one are remembered by address.
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

/** A secret of the sandbox's own webhook is the one the core passes in, so that a fault can replace it. */
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

/** Sends `{"test":"test"}`; answers the status, 0 when nothing answered. Creation needs a 200. */
export async function ping(ctx: SandboxContext, webhook: Pick<Webhook, 'url' | 'hmac' | 'basicAuth'>): Promise<number> {
  const body = JSON.stringify({ test: 'test' })
  const headers = {
    'content-type': 'application/json', ...authorization(webhook), ...signature(body, webhook.hmac, ctx.clock.now()),
  }
  return fetch(webhook.url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(5000) })
    .then((response) => response.status, () => 0)
}

export type DailyEvent = { version: '1.0.0'; type: string; id: string; payload: Record<string, unknown>; event_ts: number }

/** Sends the event to every webhook that asked for it and has not failed. Inside the caller's transaction. */
export function emit(ctx: SandboxContext, event: DailyEvent) {
  for (const webhook of webhooks(ctx)) {
    if (!webhook.eventTypes.includes(event.type) || stateOf(ctx, webhook) === 'FAILED') continue
    ctx.deliver({
      id: event.id, provider: 'daily', type: event.type, url: webhook.url, contentType: 'application/json',
      body: JSON.stringify(event), headers: authorization(webhook),
    })
  }
}

/** Tripped once by three failures in a row; only an update of the webhook heals it. */
export function stateOf(ctx: SandboxContext, webhook: Webhook): Webhook['state'] {
  if (webhook.retryType !== 'circuit-breaker' || webhook.state === 'FAILED') return webhook.state
  if (attempts(ctx, webhook).failuresInARow < failuresToTrip) return 'ACTIVE'
  keepWebhook(ctx, { ...webhook, state: 'FAILED' })
  return 'FAILED'
}

/** What the journal says of the attempts on this address since the webhook was made or changed. */
export function attempts(ctx: SandboxContext, webhook: Webhook): { failuresInARow: number; lastAt: string | undefined } {
  const done = ctx.store.list<JournalEntry>('core.journal').filter((entry) => entry.kind === 'delivery'
    && entry.url === webhook.url && entry.id > webhook.countsFrom && entry.durationMs !== undefined)
  const lastGood = done.findLastIndex((entry) => entry.status !== undefined && entry.status >= 200 && entry.status < 300)
  return { failuresInARow: done.length - 1 - lastGood, lastAt: done.at(-1)?.at }
}

/** The number of the newest journal entry. */
export function journalEnd(ctx: SandboxContext): number {
  return ctx.store.list<JournalEntry>('core.journal').at(-1)?.id ?? 0
}

function authorization(webhook: Pick<Webhook, 'basicAuth'>): Record<string, string> {
  return webhook.basicAuth ? { authorization: `Basic ${webhook.basicAuth}` } : {}
}
