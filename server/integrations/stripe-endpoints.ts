// The webhook endpoints registered at Stripe; ours are recognized by their address.
import Stripe from 'stripe'
import { asProviderError, listAll, type StripeClient } from './stripe.ts'

export type Endpoint = {
  id: string
  url: string
  events: string[]
  isConnect: boolean
  isEnabled: boolean
  apiVersion: string | null
}

/** Stripe's API version of this code. An endpoint keeps the version that it was created with. */
export const apiVersion: string = Stripe.API_VERSION

export async function listEndpoints(stripe: StripeClient): Promise<Endpoint[]> {
  const all = await listAll(() => stripe.sdk.webhookEndpoints.list({ limit: 100 }))
  return all.map((endpoint) => ({
    id: endpoint.id,
    url: endpoint.url,
    events: endpoint.enabled_events,
    isConnect: endpoint.application !== null,
    isEnabled: endpoint.status === 'enabled',
    apiVersion: endpoint.api_version,
  }))
}

/** Its signing secret is not returned: whoever runs Presence copies it from Stripe's dashboard. */
export async function createEndpoint(
  stripe: StripeClient,
  endpoint: { url: string; events: string[]; isConnect: boolean },
): Promise<{ id: string }> {
  const made = await asProviderError(() =>
    stripe.sdk.webhookEndpoints.create({
      url: endpoint.url,
      enabled_events: endpoint.events as Stripe.WebhookEndpointCreateParams.EnabledEvent[],
      connect: endpoint.isConnect,
      api_version: Stripe.API_VERSION as Stripe.WebhookEndpointCreateParams.ApiVersion,
      description: endpoint.isConnect ? 'Presence, connected accounts' : 'Presence',
    }),
  )
  return { id: made.id }
}

export async function setEndpointEvents(stripe: StripeClient, id: string, events: string[]): Promise<void> {
  await asProviderError(() =>
    stripe.sdk.webhookEndpoints.update(id, {
      enabled_events: events as Stripe.WebhookEndpointUpdateParams.EnabledEvent[],
      disabled: false,
    }),
  )
}
