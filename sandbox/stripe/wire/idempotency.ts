// https://docs.stripe.com/api/idempotent_requests: the first result of a key is kept at least 24 hours and
// replayed, a 500 too. A request that failed validation is not stored.
import { createHash } from 'node:crypto'
import { dayMs } from '../../core/durations.ts'
import type { ProviderAnswer, ProviderRequest, SandboxContext } from '../../core/provider.ts'
import { invalid, StripeRefusal } from './refusal.ts'

const kind = 'stripe.idempotency'
type StoredAnswer = {
  path: string
  fingerprint: string
  status: number
  body: unknown
  requestId: string
  storedAt: number
}

function fingerprintOf(request: ProviderRequest): string {
  const params = new URLSearchParams(request.body)
  params.sort()
  return createHash('sha256')
    .update([request.path, params, request.headers['stripe-account'] ?? ''].join('\n'))
    .digest('hex')
}

/** The caller's key, checked; undefined when the request has none or is not a POST. */
export function idempotencyKeyOf(request: ProviderRequest): string | undefined {
  const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined
  if (key !== undefined && (key.length === 0 || key.length > 255))
    throw invalid('Idempotency keys must be between 1 and 255 characters.')
  return key
}

/** The stored answer of this key, or undefined; refuses a key that was used for something else. */
export function replay(
  ctx: SandboxContext,
  request: ProviderRequest,
  key: string,
): ProviderAnswer | undefined {
  const stored = ctx.store.get<StoredAnswer>(kind, key)
  if (!stored || ctx.clock.now() - stored.storedAt >= dayMs) return undefined
  if (stored.fingerprint !== fingerprintOf(request)) {
    const message =
      stored.path !== request.path
        ? `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${request.path}' vs '${stored.path}'). ` +
          `Try using a key other than '${key}' if you meant to execute a different request.`
        : 'Keys for idempotent requests can only be used with the same parameters they were first used with. ' +
          `Try using a key other than '${key}' if you meant to execute a different request.`
    throw new StripeRefusal(400, { type: 'idempotency_error', message }, true)
  }
  return {
    status: stored.status,
    body: stored.body,
    headers: { 'idempotent-replayed': 'true', 'original-request': stored.requestId },
  }
}

/** Replaces the stored answer with the failure, as Stripe replays results "including 500s". */
export function keepFailure(
  request: ProviderRequest,
  acted: ProviderAnswer,
  failure: ProviderAnswer,
  ctx: SandboxContext,
): void {
  const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined
  const stored = key === undefined ? undefined : ctx.store.get<StoredAnswer>(kind, key)
  if (
    key === undefined ||
    !stored ||
    acted.headers?.['idempotent-replayed'] ||
    stored.fingerprint !== fingerprintOf(request)
  )
    return
  ctx.store.put(kind, key, { ...stored, status: failure.status, body: failure.body })
}

/** Stores an answer under its key; call it in the act's own transaction. */
export function storeAnswer(
  ctx: SandboxContext,
  request: ProviderRequest,
  key: string,
  answer: ProviderAnswer,
  requestId: string,
): void {
  const stored: StoredAnswer = {
    path: request.path,
    fingerprint: fingerprintOf(request),
    status: answer.status,
    body: answer.body,
    requestId,
    storedAt: ctx.clock.now(),
  }
  ctx.store.put(kind, key, stored)
}
