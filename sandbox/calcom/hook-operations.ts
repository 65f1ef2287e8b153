// /v2/webhooks and /v2/event-types/:id/webhooks. They ignore cal-api-version.
import type { Operation, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { callerOf, eventType, keyOwner, nextId } from './account.ts'
import { jsonBody, optionalText, Refusal, success, text } from './answers.ts'
import { dropHook, hook, hooks, keepHook, triggers } from './hook.ts'
import type { Hook } from './hook.ts'
import { operation } from './operation.ts'

const answer = ({ userId, eventTypeId, ...one }: Hook) => ({
  ...one,
  ...(eventTypeId === undefined ? { userId } : { eventTypeId }),
})

/** The webhook with what the body sets; on creation `active`, `subscriberUrl` and `triggers` are required. */
function changed(before: Hook, body: Record<string, unknown>, isNew: boolean): Hook {
  const {
    active = isNew ? undefined : before.active,
    subscriberUrl = isNew ? undefined : before.subscriberUrl,
  } = body
  const wanted = body['triggers'] ?? (isNew ? undefined : before.triggers)
  if (typeof active !== 'boolean') throw new Refusal(400, 'active must be a boolean value')
  const url = text(subscriberUrl, 'subscriberUrl')
  if (!URL.canParse(url)) throw new Refusal(400, 'subscriberUrl must be a URL address')
  if (!Array.isArray(wanted)) throw new Refusal(400, 'triggers must be an array')
  const unknown = wanted.find((trigger) => !triggers.includes(String(trigger)))
  if (unknown !== undefined)
    throw new Refusal(
      400,
      `each value in triggers must be one of the following values: ${triggers.join(', ')}`,
    )
  const secret = optionalText(body['secret'], 'secret') ?? before.secret
  const payloadTemplate = optionalText(body['payloadTemplate'], 'payloadTemplate') ?? before.payloadTemplate
  return {
    ...before,
    active,
    subscriberUrl: url,
    triggers: wanted.map(String),
    payloadTemplate,
    ...(secret ? { secret } : {}),
  }
}

const ownerOfCall = (request: ProviderRequest, ctx: SandboxContext) =>
  callerOf(ctx, request.headers['authorization']) ?? keyOwner(ctx)

function create(request: ProviderRequest, ctx: SandboxContext, eventTypeId?: number) {
  const blank: Hook = {
    id: nextId(ctx, 'webhook'),
    userId: ownerOfCall(request, ctx).id,
    subscriberUrl: '',
    active: true,
    triggers: [],
    payloadTemplate: '',
    ...(eventTypeId === undefined ? {} : { eventTypeId }),
  }
  const one = changed(blank, jsonBody(request), true)
  const isTwice = hooks(ctx).some(
    (other) =>
      other.subscriberUrl === one.subscriberUrl &&
      other.eventTypeId === eventTypeId &&
      other.userId === one.userId,
  )
  if (isTwice) throw new Refusal(409, 'Webhook with this subscriber url already exists for this user')
  keepHook(ctx, one)
  return success(answer(one), 201)
}

function list(request: ProviderRequest, ctx: SandboxContext, eventTypeId?: number) {
  const take = Number(request.query.get('take') ?? 250)
  const skip = Number(request.query.get('skip') ?? 0)
  return success(
    hooks(ctx)
      .filter((one) => one.eventTypeId === eventTypeId && one.userId === ownerOfCall(request, ctx).id)
      .slice(skip, skip + take)
      .map(answer),
  )
}

function known(request: ProviderRequest, ctx: SandboxContext): Hook {
  const one = hook(ctx, request.params['webhookId'] ?? '')
  if (!one || one.userId !== ownerOfCall(request, ctx).id)
    throw new Refusal(404, `Webhook (${request.params['webhookId']}) not found`)
  return one
}

function eventTypeIdOf(request: ProviderRequest, ctx: SandboxContext): number {
  const id = Number(request.params['eventTypeId'])
  if (!eventType(ctx, id))
    throw new Refusal(404, `Event type with id ${request.params['eventTypeId']} not found`)
  return id
}

const own = { controller: null }

export const hookOperations: Operation[] = [
  operation({
    ...own,
    name: 'webhooks.create',
    method: 'POST',
    path: '/v2/webhooks',
    handle: (request, ctx) => create(request, ctx),
  }),
  operation({
    ...own,
    name: 'webhooks.list',
    method: 'GET',
    path: '/v2/webhooks',
    handle: (request, ctx) => list(request, ctx),
  }),
  operation({
    ...own,
    name: 'webhooks.get',
    method: 'GET',
    path: '/v2/webhooks/:webhookId',
    handle: (request, ctx) => success(answer(known(request, ctx))),
  }),
  operation({
    ...own,
    name: 'webhooks.update',
    method: 'PATCH',
    path: '/v2/webhooks/:webhookId',
    handle: (request, ctx) => {
      const one = changed(known(request, ctx), jsonBody(request), false)
      keepHook(ctx, one)
      return success(answer(one))
    },
  }),
  operation({
    ...own,
    name: 'webhooks.delete',
    method: 'DELETE',
    path: '/v2/webhooks/:webhookId',
    handle: (request, ctx) => {
      const one = known(request, ctx)
      dropHook(ctx, one)
      return success(answer(one))
    },
  }),
  operation({
    ...own,
    name: 'event-types.webhooks.create',
    method: 'POST',
    path: '/v2/event-types/:eventTypeId/webhooks',
    handle: (request, ctx) => create(request, ctx, eventTypeIdOf(request, ctx)),
  }),
  operation({
    ...own,
    name: 'event-types.webhooks.list',
    method: 'GET',
    path: '/v2/event-types/:eventTypeId/webhooks',
    handle: (request, ctx) => list(request, ctx, eventTypeIdOf(request, ctx)),
  }),
]
