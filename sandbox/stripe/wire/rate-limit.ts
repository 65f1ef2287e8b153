import type { Operation, ProviderAnswer, SandboxContext } from '../../core/provider.ts'

/** Test mode: 25 reads and 25 writes a second. */
const perSecond = 25
const hits = new WeakMap<SandboxContext, { reads: number[]; writes: number[] }>()

export const rateLimited: ProviderAnswer = {
  status: 429,
  headers: { 'stripe-should-retry': 'true', 'stripe-rate-limited-reason': 'global-rate' },
  body: {
    error: {
      type: 'invalid_request_error',
      code: 'rate_limit',
      message:
        'Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode. ' +
        'You can learn more about rate limits here https://stripe.com/docs/rate-limits.',
      doc_url: 'https://stripe.com/docs/error-codes/rate-limit',
    },
  },
}

export function limitRate(operation: Operation, ctx: SandboxContext): ProviderAnswer | undefined {
  const seen = hits.get(ctx) ?? { reads: [], writes: [] }
  hits.set(ctx, seen)
  const kind = operation.method === 'GET' ? 'reads' : 'writes'
  const now = ctx.clock.now()
  seen[kind] = seen[kind].filter((at) => at > now - 1000 && at <= now)
  if (seen[kind].length >= perSecond) return rateLimited
  seen[kind].push(now)
  return undefined
}
