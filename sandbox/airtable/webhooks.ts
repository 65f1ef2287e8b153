// The webhook operations: create, list, payloads, refresh, enable notifications, delete.
import type { Operation, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { newId } from './ids.ts'
import { invalidRequest, notFound, unprocessable } from './refusal.ts'
import { answering, isObject, jsonBody, requireBase } from './request.ts'
import { isHookAlive, newMacSecret, rememberSecret, webhookLifeMs } from './webhook.ts'
import type { Payload, Webhook } from './webhook.ts'

const maxWebhooks = 10
const maxPayloads = 50

type StoredPayload = { cursor: number; payload: Payload }

const iso = (atMs: number) => new Date(atMs).toISOString()

function findWebhook(request: ProviderRequest, ctx: SandboxContext): Webhook | undefined {
  requireBase(request, ctx)
  return ctx.store.get<Webhook>('airtable.webhook', request.params['webhookId']!)
}

function extend(ctx: SandboxContext, webhook: Webhook): Webhook {
  const extended = { ...webhook, expiresAtMs: ctx.clock.now() + webhookLifeMs }
  ctx.store.put('airtable.webhook', webhook.id, extended)
  return extended
}

function forget(ctx: SandboxContext, webhook: Webhook): void {
  ctx.store.delete('airtable.webhook', webhook.id)
  for (const { cursor } of ctx.store.list<StoredPayload>(`airtable.payload:${webhook.id}`)) {
    ctx.store.delete(`airtable.payload:${webhook.id}`, String(cursor))
  }
}

/** Deletes webhooks that expired a week ago and were never refreshed. */
function forgetLongExpired(ctx: SandboxContext): void {
  for (const webhook of ctx.store.list<Webhook>('airtable.webhook')) {
    if (webhook.expiresAtMs + webhookLifeMs < ctx.clock.now()) forget(ctx, webhook)
  }
}

const create = answering((request, ctx) => {
  requireBase(request, ctx)
  forgetLongExpired(ctx)
  const { notificationUrl = null, specification } = jsonBody(request)
  const options = isObject(specification) ? specification['options'] : undefined
  const filters = isObject(options) ? options['filters'] : undefined
  const dataTypes = isObject(filters) ? filters['dataTypes'] : undefined
  if (!Array.isArray(dataTypes) || dataTypes.length === 0) throw invalidRequest()
  if (dataTypes.some((type) => !['tableData', 'tableFields', 'tableMetadata'].includes(String(type))))
    throw invalidRequest()
  if (notificationUrl !== null && (typeof notificationUrl !== 'string' || !URL.canParse(notificationUrl))) {
    throw unprocessable('INVALID_NOTIFICATION_URL', 'The notification URL is not valid.')
  }
  if (ctx.store.list('airtable.webhook').length >= maxWebhooks) {
    throw unprocessable('TOO_MANY_WEBHOOKS_IN_BASE', 'The base already has the maximum number of webhooks.')
  }
  const webhook: Webhook = {
    id: newId('ach'),
    macSecretBase64: newMacSecret(),
    notificationUrl,
    areNotificationsEnabled: true,
    expiresAtMs: ctx.clock.now() + webhookLifeMs,
    nextCursor: 1,
    specification: specification as Webhook['specification'],
  }
  ctx.store.put('airtable.webhook', webhook.id, webhook)
  rememberSecret(webhook)
  return {
    status: 200,
    body: {
      id: webhook.id,
      macSecretBase64: webhook.macSecretBase64,
      expirationTime: iso(webhook.expiresAtMs),
    },
  }
})

const list = answering((request, ctx) => {
  requireBase(request, ctx)
  forgetLongExpired(ctx)
  const webhooks = ctx.store.list<Webhook>('airtable.webhook').map((webhook) => ({
    id: webhook.id,
    notificationUrl: webhook.notificationUrl,
    areNotificationsEnabled: webhook.areNotificationsEnabled,
    cursorForNextPayload: webhook.nextCursor,
    isHookEnabled: isHookAlive(webhook, ctx.clock.now()),
    expirationTime: iso(webhook.expiresAtMs),
    lastSuccessfulNotificationTime: null,
    lastNotificationResult: null,
    specification: webhook.specification,
  }))
  return { status: 200, body: { webhooks } }
})

const payloads = answering((request, ctx) => {
  const webhook = findWebhook(request, ctx)
  if (!webhook) return notFound
  const cursor = Number(request.query.get('cursor') ?? 1)
  const limit = Math.min(Number(request.query.get('limit') ?? maxPayloads), maxPayloads)
  if (!Number.isInteger(cursor) || cursor < 1 || !Number.isInteger(limit) || limit < 1) throw invalidRequest()
  if (cursor > webhook.nextCursor)
    throw unprocessable('INVALID_WEBHOOK_CURSOR', 'The webhook cursor is beyond the last payload.')
  if (isHookAlive(webhook, ctx.clock.now())) extend(ctx, webhook)
  const oldest = iso(ctx.clock.now() - webhookLifeMs)
  const waiting = ctx.store
    .list<StoredPayload>(`airtable.payload:${webhook.id}`)
    .filter((stored) => stored.cursor >= cursor && stored.payload.timestamp >= oldest)
  const page = waiting.slice(0, limit)
  const next = waiting.length > page.length ? page.at(-1)!.cursor + 1 : webhook.nextCursor
  const mightHaveMore = waiting.length > page.length
  return {
    status: 200,
    body: { cursor: next, mightHaveMore, payloads: page.map((stored) => stored.payload) },
  }
})

const refresh = answering((request, ctx) => {
  const webhook = findWebhook(request, ctx)
  if (!webhook) return notFound
  return { status: 200, body: { expirationTime: iso(extend(ctx, webhook).expiresAtMs) } }
})

const enableNotifications = answering((request, ctx) => {
  const webhook = findWebhook(request, ctx)
  if (!webhook) return notFound
  const { enable } = jsonBody(request)
  if (typeof enable !== 'boolean') throw invalidRequest()
  ctx.store.put('airtable.webhook', webhook.id, { ...webhook, areNotificationsEnabled: enable })
  return { status: 200, body: {} }
})

const remove = answering((request, ctx) => {
  const webhook = findWebhook(request, ctx)
  if (!webhook) return notFound
  forget(ctx, webhook)
  return { status: 200, body: {} }
})

const all = '/v0/bases/:baseId/webhooks'
const single = `${all}/:webhookId`

export const webhookOperations: Operation[] = [
  { name: 'webhooks.create', method: 'POST', path: all, handle: create },
  { name: 'webhooks.list', method: 'GET', path: all, handle: list },
  { name: 'webhooks.payloads', method: 'GET', path: `${single}/payloads`, handle: payloads },
  { name: 'webhooks.refresh', method: 'POST', path: `${single}/refresh`, handle: refresh },
  {
    name: 'webhooks.enableNotifications',
    method: 'POST',
    path: `${single}/enableNotifications`,
    handle: enableNotifications,
  },
  { name: 'webhooks.delete', method: 'DELETE', path: single, handle: remove },
]
