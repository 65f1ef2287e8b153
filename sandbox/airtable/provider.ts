// Airtable's stand-in: the Web API under /v0 for one base, its meta and webhook calls.
import type { Provider, ProviderAnswer } from '../core/provider.ts'
import { metaOperations } from './meta.ts'
import { limitBase } from './rate-limit.ts'
import { recordOperations } from './records.ts'
import { notFound, rateLimited } from './refusal.ts'
import { rehousePhotos, seedBase } from './seed.ts'
import { rememberSecret, signPing } from './webhook.ts'
import type { Webhook } from './webhook.ts'
import { webhookOperations } from './webhooks.ts'

export { airtablePages } from './pages.ts'

const failed = (status: number, type: string, message: string): ProviderAnswer => ({
  status,
  body: { error: { type, message } },
})

const errors: Record<Parameters<Provider['error']>[1], (status: number) => ProviderAnswer> = {
  not_covered: () => notFound,
  rate_limited: (status) => ({ ...rateLimited, status }),
  internal: (status) =>
    failed(status, 'SERVER_ERROR', 'Try again. If the problem persists, contact support.'),
  unavailable: (status) =>
    failed(status, 'SERVICE_UNAVAILABLE', 'The service is temporarily unavailable. Please retry shortly.'),
  malformed_request: (status) => failed(status, 'INVALID_REQUEST_BODY', 'Could not parse request body'),
}

export const airtable: Provider = {
  name: 'airtable',
  // Meta and webhook paths also match the paths of records, so they come first.
  operations: [...metaOperations, ...webhookOperations, ...recordOperations],
  owns: (path) => path.startsWith('/v0/'),
  authenticate: (request, _operation, ctx) => {
    if (request.headers['authorization'] === `Bearer ${ctx.keys['AIRTABLE_ACCESS_TOKEN']}`) return undefined
    return failed(401, 'AUTHENTICATION_REQUIRED', 'Authentication required')
  },
  limit: (request, _operation, ctx) => limitBase(request, ctx),
  error: (status, reason) => errors[reason](status),
  refuse: failed,
  sign: (delivery) => signPing(delivery),
  retryDelaysMs: [1000, 5000, 30_000, 120_000, 600_000],
  timers: {},
  start: (ctx) => {
    ctx.store.transaction(() => {
      seedBase(ctx)
      rehousePhotos(ctx)
    })
    for (const webhook of ctx.store.list<Webhook>('airtable.webhook')) rememberSecret(webhook)
  },
}
