// Twilio's rate limits: requests a second, and polls of one verification a minute.
import { minuteMs } from '../core/durations.ts'
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { twilioError } from './error.ts'

const perSecond = 100
const pollsPerMinute = 60

const recentAtMs = new WeakMap<SandboxContext, Map<string, number[]>>()

export function limitTwilio(
  request: ProviderRequest,
  operation: Operation,
  ctx: SandboxContext,
): ProviderAnswer | undefined {
  const isPoll = operation.name === 'verifications.get'
  const [key, maxRequests, windowMs] = isPoll
    ? ([request.path, pollsPerMinute, minuteMs] as const)
    : (['all', perSecond, 1000] as const)
  const counts = recentAtMs.get(ctx) ?? new Map<string, number[]>()
  recentAtMs.set(ctx, counts)
  const nowMs = ctx.clock.now()
  const recent = [
    ...(counts.get(key) ?? []).filter((atMs) => atMs > nowMs - windowMs && atMs <= nowMs),
    nowMs,
  ]
  counts.set(key, recent)
  return recent.length > maxRequests ? twilioError(429, 20429, 'Too Many Requests') : undefined
}
