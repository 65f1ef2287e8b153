// Fault injection. A rule names a provider, an operation or event type, and what goes wrong.
import { randomUUID } from 'node:crypto'
import type { ProviderName } from './provider.ts'
import type { Store } from './store.ts'

export const callFaults = [
  'error_before',
  'error_after',
  'timeout_after',
  'rate_limit',
  'slow',
  'malformed',
  'outage',
] as const
export const deliveryFaults = ['drop', 'duplicate', 'delay', 'reorder', 'tamper', 'old_secret'] as const
export type CallFault = (typeof callFaults)[number]
export type DeliveryFault = (typeof deliveryFaults)[number]
export type FaultKind = CallFault | DeliveryFault

export type Fault = {
  id: string
  provider: ProviderName
  /** Exact operation name or event type, or '*'. */
  operation: string
  kind: FaultKind
  /** How many more times it applies; absent means until it is deleted. */
  times?: number
  /** Chance of each application, 0 to 1; absent means always. */
  probability?: number
  /** State of the random sequence, so that a seed gives the same run again. */
  seed: number
  delayMs?: number
  /** Status of the answer instead of the usual one. */
  status?: number
  /** The service's own code and sentence, for a refusal in its own shape. */
  code?: string
  sentence?: string
  /** Sandbox clock (milliseconds since the epoch) at which it ends. */
  untilMs?: number
  /** How often it was applied. */
  applied: number
}

export type NewFault = Pick<Fault, 'provider' | 'kind'> &
  Partial<Omit<Fault, 'id' | 'provider' | 'kind' | 'applied'>>

export type Faults = {
  add: (fault: NewFault) => Fault
  list: () => Fault[]
  /** Removes one, or all without an id. */
  remove: (id?: string) => number
  /** The first rule of one of `kinds` that strikes now; counts as one use of it. */
  strike: <K extends FaultKind>(
    provider: ProviderName,
    operation: string,
    kinds: readonly K[],
    nowMs: number,
  ) => (Fault & { kind: K }) | undefined
}

export function openFaults(store: Store): Faults {
  const rules = new Map(store.list<Fault>('core.fault').map((rule) => [rule.id, rule]))
  const drop = (id: string) => {
    rules.delete(id)
    store.delete('core.fault', id)
  }
  const keep = (rule: Fault) => {
    rules.set(rule.id, rule)
    store.put('core.fault', rule.id, rule)
  }
  return {
    add: (fault) => {
      const rule = { operation: '*', seed: 1, ...fault, id: randomUUID(), applied: 0 }
      keep(rule)
      return rule
    },
    list: () => [...rules.values()],
    remove: (id) => {
      const ids = id === undefined ? [...rules.keys()] : rules.has(id) ? [id] : []
      ids.forEach(drop)
      return ids.length
    },
    strike: <K extends FaultKind>(
      provider: ProviderName,
      operation: string,
      kinds: readonly K[],
      nowMs: number,
    ) => {
      for (const rule of rules.values()) {
        const kind = kinds.find((one) => one === rule.kind)
        if (!kind || rule.provider !== provider) continue
        if (rule.operation !== '*' && rule.operation !== operation) continue
        if (rule.untilMs !== undefined && nowMs >= rule.untilMs) {
          drop(rule.id)
          continue
        }
        const [draw, seed] = random(rule.seed)
        const strikes = draw < (rule.probability ?? 1)
        const next: Fault = { ...rule, seed, applied: rule.applied + (strikes ? 1 : 0) }
        if (strikes && rule.times !== undefined) next.times = rule.times - 1
        if (next.times !== undefined && next.times <= 0) drop(rule.id)
        else keep(next)
        if (strikes) return { ...next, kind }
      }
      return undefined
    },
  }
}

/** Mulberry32: a number in [0, 1) and the next state. */
function random(state: number): [number, number] {
  const next = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(next ^ (next >>> 15), 1 | next)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return [((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296, next]
}
