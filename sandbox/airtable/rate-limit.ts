// Airtable's rate limit: five requests a second for each base; the sixth blocks it for 30 seconds.
import type { ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { rateLimited } from './refusal.ts'
import { isByHand } from './request.ts'

const perSecond = 5
const penaltyMs = 30_000

type Usage = { recentAtMs: number[]; blockedUntilMs: number }

// Kept in memory: a restart of the sandbox resets the limit.
const usages = new WeakMap<SandboxContext, Map<string, Usage>>()

export function limitBase(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer | undefined {
  const baseId = request.params['baseId']
  // The console stands for Airtable's own pages, which are not limited.
  if (!baseId || isByHand(request, ctx)) return undefined
  const bases = usages.get(ctx) ?? new Map<string, Usage>()
  usages.set(ctx, bases)
  const usage = bases.get(baseId) ?? { recentAtMs: [], blockedUntilMs: 0 }
  bases.set(baseId, usage)
  const nowMs = ctx.clock.now()
  // A longer wait than the penalty means that the clock was moved back.
  if (nowMs < usage.blockedUntilMs && usage.blockedUntilMs - nowMs <= penaltyMs) return rateLimited
  usage.recentAtMs = [...usage.recentAtMs.filter((atMs) => atMs > nowMs - 1000 && atMs <= nowMs), nowMs]
  if (usage.recentAtMs.length <= perSecond) return undefined
  usage.blockedUntilMs = nowMs + penaltyMs
  return rateLimited
}
