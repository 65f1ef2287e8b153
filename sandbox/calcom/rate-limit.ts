// Cal.com's rate limit: 120 requests a minute for each key, then 60 seconds of refusals.
import { minuteMs } from '../core/durations.ts'
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { addressOf, failure } from './answers.ts'

const maxRequests = 120
const windowMs = minuteMs
const blockMs = minuteMs

type RateWindow = { startedAt: number; count: number; blockedUntil: number }
const windows = new WeakMap<SandboxContext, Map<string, RateWindow>>()

function windowOf(request: ProviderRequest, ctx: SandboxContext): RateWindow {
  const all = windows.get(ctx) ?? new Map<string, RateWindow>()
  windows.set(ctx, all)
  const key = request.headers['authorization'] ?? ''
  const now = ctx.clock.now()
  const known = all.get(key)
  const isOver =
    !known ||
    now < known.startedAt ||
    (known.blockedUntil > 0 ? now >= known.blockedUntil : now >= known.startedAt + windowMs)
  const current = isOver ? { startedAt: now, count: 0, blockedUntil: 0 } : known
  all.set(key, current)
  return current
}

/** Counts a request even while limits are off, because every answer carries the rate-limit headers. */
export function count(request: ProviderRequest, ctx: SandboxContext) {
  windowOf(request, ctx).count++
}

/** `Reset` is the seconds left, as Cal.com's source sends it. */
export function rateHeaders(request: ProviderRequest, ctx: SandboxContext): Record<string, string> {
  const { startedAt, count: used, blockedUntil } = windowOf(request, ctx)
  const endsAt = blockedUntil > 0 ? blockedUntil : startedAt + windowMs
  return {
    'X-RateLimit-Limit-Default': String(maxRequests),
    'X-RateLimit-Remaining-Default': String(Math.max(0, maxRequests - used)),
    'X-RateLimit-Reset-Default': String(Math.max(0, Math.ceil((endsAt - ctx.clock.now()) / 1000))),
  }
}

export function limit(
  request: ProviderRequest,
  _operation: Operation,
  ctx: SandboxContext,
): ProviderAnswer | undefined {
  const current = windowOf(request, ctx)
  if (current.count <= maxRequests) return undefined
  if (current.blockedUntil === 0) current.blockedUntil = ctx.clock.now() + blockMs
  const headers = rateHeaders(request, ctx)
  const refused = failure(429, 'ThrottlerException: Too Many Requests', addressOf(request))
  return {
    ...refused,
    headers: { ...headers, 'Retry-After-Default': headers['X-RateLimit-Reset-Default'] ?? '' },
  }
}
