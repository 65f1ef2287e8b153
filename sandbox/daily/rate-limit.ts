// Daily's rate limits: 100 requests in 5 seconds, and 50 in 30 seconds for deleting rooms.
// https://docs.daily.co/docs/rest-api/authentication
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { refused } from './answers.ts'

const windows = {
  usual: { maxRequests: 100, ms: 5000 },
  deleting: { maxRequests: 50, ms: 30_000 },
}
type WindowName = keyof typeof windows

const calls = new WeakMap<SandboxContext, Record<WindowName, number[]>>()

export function limit(
  _request: ProviderRequest,
  operation: Operation,
  ctx: SandboxContext,
): ProviderAnswer | undefined {
  const name: WindowName = operation.name === 'rooms.delete' ? 'deleting' : 'usual'
  const { maxRequests, ms } = windows[name]
  const known = calls.get(ctx) ?? { usual: [], deleting: [] }
  calls.set(ctx, known)
  const now = ctx.clock.now()
  const recent = known[name].filter((at) => at > now - ms && at <= now)
  known[name] = recent
  if (recent.length >= maxRequests) return refused(429, 'rate-limit-error')
  recent.push(now)
  return undefined
}
