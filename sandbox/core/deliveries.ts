// The outbox of webhooks: each is kept until it is delivered or its retries are used up.
import { deliveryFaults } from './faults.ts'
import type { DeliveryFault, Faults } from './faults.ts'
import type { Journal } from './journal.ts'
import type { Delivery, Provider, SandboxContext } from './provider.ts'
import { post, signedRequest, type SignedRequest } from './signed-request.ts'

type Pending = {
  seq: number
  delivery: Delivery
  attempts: number
  nextAtMs: number
  again?: boolean
  isReordered?: boolean
}

export type Deliveries = {
  add: (delivery: Delivery) => void
  /** Nothing is waiting and nothing is being sent. */
  isIdle: () => boolean
  /** Stops sending; pending deliveries stay in the store. */
  close: () => void
}

const concurrency = 4
const reorderMs = 3000
const kind = 'core.delivery'

export function openDeliveries(
  ctx: () => SandboxContext,
  providers: Provider[],
  faults: Faults,
  journal: Journal,
): Deliveries {
  const { store } = ctx()
  const waiting = new Map<number, Pending>(store.list<Pending>(kind).map((pending) => [pending.seq, pending]))
  const added = new Set<number>()
  const sending = new Set<number>()
  /** Waiting deliveries that go out after a later one: the fault `reorder`. */
  const reordered = new Set<number>(
    [...waiting.values()].filter((pending) => pending.isReordered).map((pending) => pending.seq),
  )
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined

  const keep = (pending: Pending) => {
    waiting.set(pending.seq, pending)
    if (pending.isReordered) reordered.add(pending.seq)
    else reordered.delete(pending.seq)
    store.put(kind, String(pending.seq), pending)
  }
  const forget = (pending: Pending) => {
    waiting.delete(pending.seq)
    reordered.delete(pending.seq)
    store.delete(kind, String(pending.seq))
  }
  const pump = () => {
    if (stop.signal.aborted) return
    clearTimeout(timer)
    // Reads them from the store: a rolled-back transaction has removed its deliveries.
    for (const seq of added) {
      const pending = store.get<Pending>(kind, String(seq))
      if (pending) waiting.set(seq, pending)
    }
    added.clear()
    // The map keeps the order in which they were added.
    let nextAtMs = Infinity
    for (const pending of waiting.values()) {
      if (sending.size >= concurrency) return
      if (sending.has(pending.seq)) continue
      if (pending.nextAtMs <= Date.now()) void attempt(pending)
      else nextAtMs = Math.min(nextAtMs, pending.nextAtMs)
    }
    if (Number.isFinite(nextAtMs)) timer = setTimeout(pump, Math.max(1, nextAtMs - Date.now()))
  }
  const attempt = async (pending: Pending) => {
    sending.add(pending.seq)
    try {
      const strike = faults.strike(
        pending.delivery.provider,
        pending.delivery.type,
        faultsOf(pending),
        ctx().clock.now(),
      )
      if (strike?.kind === 'drop') {
        note(pending, 'drop', 'dropped')
        return forget(pending)
      }
      if (strike?.kind === 'delay' || strike?.kind === 'reorder') {
        const isReordered = strike.kind === 'reorder'
        note(pending, strike.kind, isReordered ? 'held back' : 'delayed')
        return keep({
          ...pending,
          isReordered,
          again: true,
          nextAtMs: Date.now() + (strike.delayMs ?? reorderMs),
        })
      }
      await send(pending, strike?.kind)
    } catch (error) {
      ctx().log(`delivery ${pending.delivery.type} failed: ${String(error)}`)
      retry(pending)
    } finally {
      sending.delete(pending.seq)
      queueMicrotask(pump)
    }
  }
  const send = async (pending: Pending, fault: DeliveryFault | undefined) => {
    const { delivery } = pending
    const signed = signedRequest(ctx(), providerOf(providers, delivery), delivery, fault)
    const entry = journal.add(entryOf(ctx(), pending, signed, fault))
    const startedAt = performance.now()
    const outcome = await post(delivery.url, signed, stop.signal)
    if (stop.signal.aborted) return
    journal.update(entry.id, { ...outcome, durationMs: Math.round(performance.now() - startedAt) })
    const isDelivered = outcome.status !== undefined && outcome.status >= 200 && outcome.status < 300
    providerOf(providers, delivery).attempted?.(delivery, isDelivered, ctx())
    if (!isDelivered) return retry(pending)
    if (fault === 'duplicate')
      keep({ ...pending, again: true, attempts: pending.attempts + 1, nextAtMs: Date.now() })
    else forget(pending)
    for (const seq of reordered) {
      const other = waiting.get(seq)!
      const isOvertaken = seq < pending.seq && other.delivery.provider === delivery.provider
      if (isOvertaken) keep({ ...other, isReordered: false, nextAtMs: Date.now() })
    }
  }
  const retry = (pending: Pending) => {
    const delayMs = providerOf(providers, pending.delivery).retryDelaysMs[pending.attempts]
    if (delayMs === undefined) forget(pending)
    else keep({ ...pending, again: true, attempts: pending.attempts + 1, nextAtMs: Date.now() + delayMs })
  }
  const note = (pending: Pending, fault: DeliveryFault, text: string) => {
    const unsent = { headers: {}, body: pending.delivery.body }
    journal.add({ ...entryOf(ctx(), pending, unsent, fault), note: text })
  }
  timer = setTimeout(pump, 0)
  return {
    add: (delivery) => {
      const seq = store.next(kind)
      store.put(kind, String(seq), { seq, delivery, attempts: 0, nextAtMs: 0 } satisfies Pending)
      added.add(seq)
      setImmediate(pump)
    },
    isIdle: () => waiting.size === 0 && added.size === 0 && sending.size === 0,
    close: () => {
      stop.abort()
      clearTimeout(timer)
    },
  }
}

/** Faults for this attempt; losing, doubling and delaying happen only at the first. */
function faultsOf(pending: Pending): readonly DeliveryFault[] {
  return pending.again ? (['tamper', 'old_secret'] as const) : deliveryFaults
}

function providerOf(providers: Provider[], delivery: Delivery): Provider {
  const provider = providers.find((one) => one.name === delivery.provider)
  if (!provider) throw new Error(`no provider ${delivery.provider}`)
  return provider
}

function entryOf(
  ctx: SandboxContext,
  pending: Pending,
  request: SignedRequest,
  fault: DeliveryFault | undefined,
) {
  const { delivery } = pending
  return {
    kind: 'delivery' as const,
    provider: delivery.provider,
    operation: delivery.type,
    method: 'POST',
    url: delivery.url,
    at: new Date(ctx.clock.now()).toISOString(),
    requestHeaders: request.headers,
    requestBody: request.body,
    attempt: pending.attempts + 1,
    eventId: delivery.id,
    ...(fault ? { fault } : {}),
  }
}
