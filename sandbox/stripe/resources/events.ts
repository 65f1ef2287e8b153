// Every change of state makes an event and a delivery to each subscribed endpoint.
import type { Cause } from '../wire/cause.ts'
import { collection, save, type StripeDocument } from '../wire/documents.ts'
import { newId } from '../wire/ids.ts'
import { equals, listing } from '../wire/listing.ts'
import { operation } from '../wire/operation.ts'
import { list, text } from '../wire/params.ts'
import { noSuch } from '../wire/refusal.ts'
import { apiVersion } from '../wire/version.ts'
import { webhookEndpoints, type WebhookEndpoint } from './webhook-endpoints.ts'

export type StripeEvent = {
  id: string
  object: 'event'
  account?: string
  api_version: string
  created: number
  data: { object: unknown; previous_attributes?: Record<string, unknown> }
  livemode: false
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: string
}
export const events = collection<StripeEvent>({
  object: 'event',
  prefix: 'evt',
})

type Extras = { /** How the object was before an update. */ before?: StripeDocument; account?: string }

/** Snapshots `object` as it is now. Call it in the transaction that changed it. */
export function emit(cause: Cause, type: string, object: StripeDocument, extras: Extras = {}): void {
  const { ctx, request } = cause
  const endpoints = webhookEndpoints
    .all(ctx)
    .filter((endpoint) => wants(endpoint, type, extras.account !== undefined))
  const event: StripeEvent = {
    id: newId('evt'),
    object: 'event',
    ...(extras.account && { account: extras.account }),
    api_version: apiVersion,
    created: ctx.clock.seconds(),
    data: {
      object,
      ...(extras.before && { previous_attributes: previousAttributes(extras.before, object) }),
    },
    livemode: false,
    pending_webhooks: endpoints.length,
    request,
    type,
  }
  save(ctx, event)
  const body = JSON.stringify(event, null, 2)
  for (const { url } of endpoints)
    ctx.deliver({ id: event.id, provider: 'stripe', type, url, contentType: 'application/json', body })
  ctx.changed('stripe')
}

/** The old values of the top-level fields that changed. */
function previousAttributes(before: StripeDocument, after: StripeDocument): Record<string, unknown> {
  const now: Record<string, unknown> = after
  return Object.fromEntries(
    Object.entries(before).filter(([name, value]) => JSON.stringify(now[name]) !== JSON.stringify(value)),
  )
}

/**
 * Connect events go only to endpoints made with `connect=true`, which have an application; other events only
 * to the others.
 */
function wants(endpoint: WebhookEndpoint, type: string, isConnect: boolean): boolean {
  const names = endpoint.enabled_events
  return (
    endpoint.status === 'enabled' &&
    (endpoint.application !== null) === isConnect &&
    (names.includes(type) || names.includes('*'))
  )
}

export const eventOperations = [
  operation({
    name: 'events.retrieve',
    method: 'GET',
    path: '/v1/events/:id',
    params: {},
    act: ({ ctx, id }) => {
      const event = events.find(ctx, id)
      if (!event) throw noSuch('event', id)
      return event
    },
  }),
  listing({
    name: 'events.list',
    path: '/v1/events',
    of: events,
    filters: { type: text, types: list(text) },
    matches: (event, { type, types }) =>
      equalsType(event.type, type) && (!types || types.some((one) => equalsType(event.type, one))),
  }),
]

/** `charge.*` stands for every event of charges. */
function equalsType(type: string, filter: string | undefined): boolean {
  return filter?.endsWith('*') ? type.startsWith(filter.slice(0, -1)) : equals(type, filter)
}
