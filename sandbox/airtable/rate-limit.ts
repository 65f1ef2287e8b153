// Five requests a second for each base; the sixth costs thirty seconds of refusals.
import type { ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { rateLimited } from './refusal.ts'
import { isByHand } from './request.ts'

const perSecond = 5
const penaltyMs = 30_000

type Usage = { recentAtMs: number[]; blockedUntilMs: number }

// Forgotten with the process, as a restart of the sandbox is a fresh start for its callers.
const usages = new WeakMap<SandboxContext, Map<string, Usage>>()

export function limitBase(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer | undefined {
  const baseId = request.params['baseId']
  // Airtable's own pages are not its API.
  if (!baseId || isByHand(request, ctx)) return undefined
  const bases = usages.get(ctx) ?? new Map<string, Usage>()
  usages.set(ctx, bases)
  const usage = bases.get(baseId) ?? { recentAtMs: [], blockedUntilMs: 0 }
  bases.set(baseId, usage)
  const nowMs = ctx.clock.now()
  // More than the whole penalty away means that the clock was moved back.
  if (nowMs < usage.blockedUntilMs && usage.blockedUntilMs - nowMs <= penaltyMs) return rateLimited
  usage.recentAtMs = [...usage.recentAtMs.filter((atMs) => atMs > nowMs - 1000 && atMs <= nowMs), nowMs]
  if (usage.recentAtMs.length <= perSecond) return undefined
  usage.blockedUntilMs = nowMs + penaltyMs
  return rateLimited
}
