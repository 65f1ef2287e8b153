// /v1/webhooks: camelCase bodies, unlike the rest of Daily's API.
import { randomBytes, randomUUID } from 'node:crypto'
import type { Operation, ProviderAnswer, SandboxContext } from '../core/provider.ts'
import { invalid, jsonBody, ok, refused } from './answers.ts'
import { dropWebhook, eventTypes, keepWebhook, ping, webhooks } from './webhook.ts'
import type { Webhook } from './webhook.ts'

const domainId = (ctx: SandboxContext) => ctx.store.get<{ id: string }>('daily.domain', 'domain')?.id ?? ''

function answer(ctx: SandboxContext, webhook: Webhook) {
  return {
    uuid: webhook.uuid,
    url: webhook.url,
    hmac: webhook.hmac,
    retryType: webhook.retryType,
    eventTypes: webhook.eventTypes,
    ...(webhook.basicAuth ? { basicAuth: webhook.basicAuth } : {}),
    state: webhook.state,
    failedCount: webhook.failuresInARow,
    ...(webhook.lastMomentPushed ? { lastMomentPushed: webhook.lastMomentPushed } : {}),
    domainId: domainId(ctx),
    createdAt: webhook.createdAt,
    updatedAt: webhook.updatedAt,
  }
}

/** Merges the body into `before`; returns the webhook or the refusal. */
function written(body: Record<string, unknown>, before: Webhook): Webhook | ProviderAnswer {
  const { url = before.url, hmac = before.hmac, basicAuth = before.basicAuth } = body
  const { retryType = before.retryType, eventTypes: types = before.eventTypes } = body
  if (typeof url !== 'string' || !URL.canParse(url)) return invalid('url must be a valid url')
  if (typeof hmac !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(hmac))
    return invalid('hmac must be base64 encoded')
  if (basicAuth !== undefined && typeof basicAuth !== 'string') return invalid('basicAuth must be a string')
  if (retryType !== 'circuit-breaker' && retryType !== 'exponential')
    return invalid(`invalid retryType '${String(retryType)}'`)
  if (!Array.isArray(types)) return invalid('eventTypes must be an array')
  const unknown = types.find((type) => !eventTypes.includes(String(type)))
  if (unknown !== undefined) return invalid(`unknown event type '${String(unknown)}'`)
  return {
    ...before,
    url,
    hmac,
    retryType,
    eventTypes: types.map(String),
    ...(basicAuth === undefined ? {} : { basicAuth }),
  }
}

/** Writes what the body says once the endpoint has answered the test request with 200. */
async function write(
  ctx: SandboxContext,
  body: Record<string, unknown>,
  before: Webhook,
): Promise<ProviderAnswer> {
  const webhook = written(body, before)
  if ('status' in webhook) return webhook
  const status = await ping(ctx, webhook)
  if (status !== 200)
    return invalid(`non-200 status code returned from webhook endpoint, recvd ${status || 'no answer'}`)
  return ctx.store.transaction(() => {
    const now = new Date(ctx.clock.now()).toISOString()
    const kept: Webhook = { ...webhook, state: 'ACTIVE', updatedAt: now, failuresInARow: 0 }
    keepWebhook(ctx, kept)
    return ok(answer(ctx, kept))
  })
}

const unknownWebhook = refused(404, 'not-found', 'webhook not found')
const find = (ctx: SandboxContext, uuid: string | undefined) =>
  webhooks(ctx).find((webhook) => webhook.uuid === uuid)

export const webhookOperations: Operation[] = [
  {
    name: 'webhooks.create',
    method: 'POST',
    path: '/v1/webhooks',
    handle: async (request, ctx) => {
      const read = jsonBody(request)
      if ('answer' in read) return read.answer
      const now = new Date(ctx.clock.now()).toISOString()
      return write(ctx, read.body, {
        uuid: randomUUID(),
        url: '',
        hmac: randomBytes(32).toString('base64'),
        retryType: 'circuit-breaker',
        eventTypes,
        state: 'ACTIVE',
        createdAt: now,
        updatedAt: now,
        failuresInARow: 0,
      })
    },
  },
  {
    name: 'webhooks.list',
    method: 'GET',
    path: '/v1/webhooks',
    handle: (_request, ctx) => ok(webhooks(ctx).map((webhook) => answer(ctx, webhook))),
  },
  {
    name: 'webhooks.get',
    method: 'GET',
    path: '/v1/webhooks/:uuid',
    handle: (request, ctx) => {
      const webhook = find(ctx, request.params['uuid'])
      return webhook ? ok(answer(ctx, webhook)) : unknownWebhook
    },
  },
  {
    name: 'webhooks.update',
    method: 'POST',
    path: '/v1/webhooks/:uuid',
    handle: async (request, ctx) => {
      const webhook = find(ctx, request.params['uuid'])
      if (!webhook) return unknownWebhook
      const read = jsonBody(request)
      return 'answer' in read ? read.answer : write(ctx, read.body, webhook)
    },
  },
  {
    name: 'webhooks.delete',
    method: 'DELETE',
    path: '/v1/webhooks/:uuid',
    handle: (request, ctx) => {
      const webhook = find(ctx, request.params['uuid'])
      if (!webhook) return unknownWebhook
      dropWebhook(ctx, webhook)
      return { status: 200 }
    },
  },
]
