// Timers on the sandbox clock: a charge becomes available, a message is delivered.
import type { Provider, ProviderName, SandboxContext } from './provider.ts'
import type { Store } from './store.ts'

type Timer = { seq: number; provider: ProviderName; kind: string; atMs: number; data: unknown }

export type Schedule = {
  add: SandboxContext['schedule']
  /** Runs everything due in order of time, including timers set meanwhile. */
  runDue: (ctx: SandboxContext) => Promise<void>
  /** Starts no more timers and waits for the running one. */
  close: () => Promise<void>
}

export function openSchedule(store: Store, providers: Provider[]): Schedule {
  // Sorted with the earliest last, so that polling is cheap with thousands of timers. The store decides which
  // exist: a rolled-back transaction has removed its timers.
  const known = store.list<Timer>('core.timer').sort(latestFirst)
  let running: Promise<void> | undefined
  let isClosed = false
  const nextDue = (nowMs: number): Timer | undefined => {
    while (known.length > 0 && known.at(-1)!.atMs <= nowMs) {
      const timer = store.get<Timer>('core.timer', String(known.pop()!.seq))
      if (timer) return timer
    }
    return undefined
  }
  const runOne = async (timer: Timer, ctx: SandboxContext) => {
    const act = providers.find((provider) => provider.name === timer.provider)?.timers[timer.kind]
    const forget = () => store.delete('core.timer', String(timer.seq))
    try {
      await store.transaction(() => {
        forget()
        return act?.(timer.data as never, ctx)
      })
      if (!act) ctx.log(`no timer ${timer.provider} ${timer.kind}`)
    } catch (error) {
      // The rollback restored it; a timer that cannot run must not block the others.
      forget()
      ctx.log(`timer ${timer.provider} ${timer.kind} failed: ${String(error)}`)
    }
    ctx.changed(`timer.${timer.provider}.${timer.kind}`)
  }
  const drain = async (ctx: SandboxContext) => {
    for (let due = nextDue(ctx.clock.now()); due && !isClosed; due = nextDue(ctx.clock.now()))
      await runOne(due, ctx)
  }
  return {
    add: (provider, kind, atMs, data) => {
      const seq = store.next('core.timer')
      const timer: Timer = { seq, provider, kind, atMs, data }
      store.put('core.timer', String(seq), timer)
      known.splice(placeOf(known, timer), 0, timer)
    },
    runDue: async (ctx) => {
      // One run at a time; a call during a run waits and runs again for what it may have missed.
      while (running) await running
      if (isClosed) return
      running = drain(ctx).finally(() => (running = undefined))
      await running
    },
    close: async () => {
      isClosed = true
      await running
    },
  }
}

const latestFirst = (a: Timer, b: Timer) => b.atMs - a.atMs || b.seq - a.seq

/** Binary search for the place of `timer`. */
function placeOf(sorted: Timer[], timer: Timer): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (latestFirst(sorted[middle]!, timer) < 0) from = middle + 1
    else to = middle
  }
  return from
}
