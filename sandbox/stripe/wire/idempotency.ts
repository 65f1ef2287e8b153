// https://docs.stripe.com/api/idempotent_requests: the first result of a key is kept at least 24 hours and
// replayed, also when it was a 500; requests that failed validation are not kept.
import { createHash } from 'node:crypto'
import type { ProviderAnswer, ProviderRequest, SandboxContext } from '../../core/provider.ts'
import { invalid, StripeRefusal } from './refusal.ts'

const kind = 'stripe.idempotency'
const keptMs = 24 * 60 * 60 * 1000
type Kept = {
  path: string
  fingerprint: string
  status: number
  body: unknown
  requestId: string
  keptAt: number
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

/** The first answer given under this key, or undefined; refuses a key that was used for something else. */
export function replay(
  ctx: SandboxContext,
  request: ProviderRequest,
  key: string,
): ProviderAnswer | undefined {
  const kept = ctx.store.get<Kept>(kind, key)
  if (!kept || ctx.clock.now() - kept.keptAt >= keptMs) return undefined
  if (kept.fingerprint !== fingerprintOf(request)) {
    const message =
      kept.path !== request.path
        ? `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${request.path}' vs '${kept.path}'). ` +
          `Try using a key other than '${key}' if you meant to execute a different request.`
        : 'Keys for idempotent requests can only be used with the same parameters they were first used with. ' +
          `Try using a key other than '${key}' if you meant to execute a different request.`
    throw new StripeRefusal(400, { type: 'idempotency_error', message }, true)
  }
  return {
    status: kept.status,
    body: kept.body,
    headers: { 'idempotent-replayed': 'true', 'original-request': kept.requestId },
  }
}

/**
 * What was done ended in an error all the same: from now on the key answers that error, as Stripe does
 * "including 500s".
 */
export function keepFailure(
  request: ProviderRequest,
  acted: ProviderAnswer,
  failure: ProviderAnswer,
  ctx: SandboxContext,
): void {
  const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined
  const kept = key === undefined ? undefined : ctx.store.get<Kept>(kind, key)
  if (
    key === undefined ||
    !kept ||
    acted.headers?.['idempotent-replayed'] ||
    kept.fingerprint !== fingerprintOf(request)
  )
    return
  ctx.store.put(kind, key, { ...kept, status: failure.status, body: failure.body })
}

/** Keeps an answer under its key; call it in the transaction of the act itself. */
export function keep(
  ctx: SandboxContext,
  request: ProviderRequest,
  key: string,
  answer: ProviderAnswer,
  requestId: string,
): void {
  const kept: Kept = {
    path: request.path,
    fingerprint: fingerprintOf(request),
    status: answer.status,
    body: answer.body,
    requestId,
    keptAt: ctx.clock.now(),
  }
  ctx.store.put(kind, key, kept)
}
