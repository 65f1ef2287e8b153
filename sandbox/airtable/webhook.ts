// A registered webhook: what it watches, when it expires, and the empty ping that announces a payload.
import { createHmac, randomBytes } from 'node:crypto'
import { dayMs } from '../core/durations.ts'
import type { Delivery, SandboxContext } from '../core/provider.ts'

export type Filters = {
  dataTypes: string[]
  recordChangeScope?: string
  changeTypes?: string[]
  fromSources?: string[]
  watchDataInFieldIds?: string[]
}

export type Includes = { includeCellValuesInFieldIds?: 'all' | string[]; includePreviousCellValues?: boolean }

export type Webhook = {
  id: string
  macSecretBase64: string
  notificationUrl: string | null
  areNotificationsEnabled: boolean
  expiresAtMs: number
  nextCursor: number
  specification: { options: { filters: Filters; includes?: Includes } }
}

export type Payload = {
  timestamp: string
  baseTransactionNumber: number
  payloadFormat: 'v0'
  actionMetadata: object
  changedTablesById: object
}

/** A webhook expires a week after creation, refresh or the last read; payloads are kept as long. */
export const webhookLifeMs = 7 * dayMs

// Signing has no access to the store. Ids are random, so one map serves every sandbox of the process.
const secrets = new Map<string, string>()

export function newMacSecret(): string {
  return randomBytes(64).toString('base64')
}

export function rememberSecret(webhook: Webhook): void {
  secrets.set(webhook.id, webhook.macSecretBase64)
}

export function isHookAlive(webhook: Webhook, nowMs: number): boolean {
  return webhook.expiresAtMs > nowMs
}

export function ping(ctx: SandboxContext, webhook: Webhook, timestamp: string): void {
  if (!webhook.notificationUrl || !webhook.areNotificationsEnabled) return
  ctx.deliver({
    id: `${webhook.id}:${webhook.nextCursor - 1}`,
    provider: 'airtable',
    type: 'webhook.ping',
    url: webhook.notificationUrl,
    contentType: 'application/json',
    body: JSON.stringify({
      base: { id: ctx.keys['AIRTABLE_BASE_ID'] },
      webhook: { id: webhook.id },
      timestamp,
    }),
  })
}

/** `X-Airtable-Content-MAC`, signed with the webhook's own secret instead of the core's. */
export function signPing(delivery: Delivery): Record<string, string> {
  const secret = secrets.get(delivery.id.split(':')[0]!) ?? ''
  return { 'X-Airtable-Content-MAC': contentMac(secret, delivery.body) }
}

export function contentMac(macSecretBase64: string, body: string): string {
  return (
    'hmac-sha256=' + createHmac('sha256', Buffer.from(macSecretBase64, 'base64')).update(body).digest('hex')
  )
}
