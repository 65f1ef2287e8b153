// Things that happen by themselves at a time of the sandbox clock: a charge becomes available, a message is delivered.
import type { Provider, ProviderName, SandboxContext } from './provider.ts'
import type { Store } from './store.ts'

type Timer = { seq: number; provider: ProviderName; kind: string; atMs: number; data: unknown }

export type Schedule = {
  add: SandboxContext['schedule']
  /** Runs everything due, in order of time, including what becomes due through it. */
  runDue: (ctx: SandboxContext) => Promise<void>
  /** Starts nothing more and waits for what runs. */
  close: () => Promise<void>
}

export function openSchedule(store: Store, providers: Provider[]): Schedule {
  // A lower bound of the earliest time, so that the regular look at the clock costs nothing.
  let earliestMs = -Infinity
  let running: Promise<void> | undefined
  let isClosed = false
  const nextDue = (nowMs: number) => {
    if (nowMs < earliestMs) return undefined
    const timers = store.list<Timer>('core.timer').sort((a, b) => a.atMs - b.atMs || a.seq - b.seq)
    const first = timers[0]
    earliestMs = first?.atMs ?? Infinity
    return first && first.atMs <= nowMs ? first : undefined
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
      // The transaction brought it back; a timer that cannot run must not block the others.
      forget()
      ctx.log(`timer ${timer.provider} ${timer.kind} failed: ${String(error)}`)
    }
    ctx.changed(`timer.${timer.provider}.${timer.kind}`)
  }
  const drain = async (ctx: SandboxContext) => {
    for (let due = nextDue(ctx.clock.now()); due && !isClosed; due = nextDue(ctx.clock.now())) await runOne(due, ctx)
  }
  return {
    add: (provider, kind, atMs, data) => {
      const seq = store.next('core.timer')
      store.put('core.timer', String(seq), { seq, provider, kind, atMs, data } satisfies Timer)
      earliestMs = Math.min(earliestMs, atMs)
    },
    runDue: async (ctx) => {
      // One at a time, and a call during a run waits for what that run may have missed.
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
