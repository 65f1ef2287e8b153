import type { SandboxContext } from '../../core/provider.ts'
import { collection, remove, save, unset } from '../wire/documents.ts'
import { newId } from '../wire/ids.ts'
import { listing } from '../wire/listing.ts'
import { applyMetadata, metadata, type Metadata } from '../wire/metadata.ts'
import { operation } from '../wire/operation.ts'
import { boolean, clearable, list, required, text, url } from '../wire/params.ts'
import { invalid } from '../wire/refusal.ts'
import { apiVersion } from '../wire/version.ts'

export type WebhookEndpoint = ReturnType<typeof newEndpoint>
export const webhookEndpoints = collection<WebhookEndpoint>({
  object: 'webhook_endpoint',
  prefix: 'we',
})
type EndpointTerms = { url: string; events: string[]; isConnect: boolean }

const newEndpoint = (ctx: SandboxContext, terms: EndpointTerms) => ({
  id: newId('we'),
  object: 'webhook_endpoint' as const,
  api_version: apiVersion as string | null,
  application: terms.isConnect ? 'ca_sandbox' : unset<string>(),
  created: ctx.clock.seconds(),
  description: unset<string>(),
  enabled_events: terms.events,
  livemode: false as const,
  metadata: {} as Metadata,
  status: 'enabled' as 'enabled' | 'disabled',
  url: terms.url,
})

/** The events the application listens to, as set up in the dashboard. */
const platformEvents = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'charge.succeeded',
  'charge.refunded',
  'charge.dispute.created',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'transfer.created',
  'transfer.reversed',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
]
const connectEvents = ['account.updated']

/** Points the application's two endpoints (own events, Connect events) at its present address. */
export function registerApplication(ctx: SandboxContext): void {
  const address = `${ctx.appUrl}/functions/v1/stripe-payment-confirm`
  for (const isConnect of [false, true]) {
    const id = isConnect ? 'we_1SandboxConnect00000000' : 'we_1SandboxPlatform0000000'
    const events = isConnect ? connectEvents : platformEvents
    const known = webhookEndpoints.all(ctx).find((endpoint) => endpoint.id === id)
    save(
      ctx,
      known ? { ...known, url: address } : { ...newEndpoint(ctx, { url: address, events, isConnect }), id },
    )
  }
}

export const webhookEndpointOperations = [
  operation({
    name: 'webhook_endpoints.create',
    method: 'POST',
    path: '/v1/webhook_endpoints',
    params: {
      url: required(url),
      enabled_events: required(list(text)),
      connect: boolean,
      description: clearable(text),
      metadata,
      api_version: text,
    },
    act: ({ ctx, params }) => {
      if (params.api_version && params.api_version !== apiVersion)
        throw invalid(`Invalid API version: ${params.api_version}`, 'api_version')
      const terms = { url: params.url, events: params.enabled_events, isConnect: params.connect ?? false }
      const endpoint = newEndpoint(ctx, terms)
      save(ctx, {
        ...endpoint,
        description: params.description ?? null,
        metadata: applyMetadata({}, params.metadata),
      })
      // The core signs all of Stripe's deliveries with one secret, so this endpoint has it too.
      return { ...webhookEndpoints.load(ctx, endpoint.id), secret: ctx.keys['STRIPE_WEBHOOK_SECRET'] }
    },
  }),
  operation({
    name: 'webhook_endpoints.retrieve',
    method: 'GET',
    path: '/v1/webhook_endpoints/:id',
    params: {},
    act: ({ ctx, id }) => webhookEndpoints.load(ctx, id),
  }),
  operation({
    name: 'webhook_endpoints.update',
    method: 'POST',
    path: '/v1/webhook_endpoints/:id',
    params: { url, enabled_events: list(text), disabled: boolean, description: clearable(text), metadata },
    act: ({ ctx, id, params }) => {
      const before = webhookEndpoints.load(ctx, id)
      const { disabled = before.status === 'disabled' } = params
      return save(ctx, {
        ...before,
        url: params.url ?? before.url,
        enabled_events: params.enabled_events ?? before.enabled_events,
        description: params.description === undefined ? before.description : params.description,
        metadata: applyMetadata(before.metadata, params.metadata),
        status: disabled ? 'disabled' : 'enabled',
      })
    },
  }),
  operation({
    name: 'webhook_endpoints.delete',
    method: 'DELETE',
    path: '/v1/webhook_endpoints/:id',
    params: {},
    act: ({ ctx, id }) => {
      remove(ctx, webhookEndpoints.load(ctx, id))
      return { id, object: 'webhook_endpoint', deleted: true }
    },
  }),
  listing({
    name: 'webhook_endpoints.list',
    path: '/v1/webhook_endpoints',
    of: webhookEndpoints,
    filters: {},
    matches: () => true,
  }),
]
