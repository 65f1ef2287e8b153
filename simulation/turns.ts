// Cooperative scheduling of the people. Everybody waits at a gate between two steps. When all wait,
// a few whose time has come go on together; when there are none, the clock moves to the earliest.
// So time never passes in the middle of an act.
import type { Random } from './random.ts'

type Turn = {
  /** What happens next, for the log and as the seed of its faults: `journey 3, session 2: meets`. */
  label: string
  /** The earliest time of this turn; at once without it. */
  at?: Date
}

type Waiting = Turn & { go: () => void }

export type Turns = {
  take: (turn: Turn) => Promise<void>
  /** Runs several acts of one person side by side, until all have ended. */
  together: (acts: (() => Promise<void>)[]) => Promise<void>
  /** Plays until everybody has finished. */
  play: (everybody: (() => Promise<void>)[]) => Promise<void>
}

export type Conductor = {
  random: Random
  now: () => Promise<Date>
  passTo: (moment: Date) => Promise<void>
  /** Called before each batch goes on. */
  onTurn: (labels: string[]) => Promise<void>
}

const maxBatch = 3

export function openTurns({ random, now, passTo, onTurn }: Conductor): Turns {
  const waiting: Waiting[] = []
  let walking = 0
  let wake = () => undefined as void

  const pause = () => {
    walking -= 1
    if (walking === 0) wake()
  }
  const next = async () => {
    waiting.sort((a, b) => a.label.localeCompare(b.label))
    const time = await now()
    const due = waiting.filter((one) => !one.at || one.at <= time)
    if (due.length === 0) return passTo(new Date(Math.min(...waiting.map((one) => one.at!.getTime()))))
    const chosen = Array.from(
      { length: Math.min(due.length, random.whole(1, maxBatch)) },
      () => due.splice(random.whole(0, due.length - 1), 1)[0]!,
    )
    await onTurn(chosen.map(({ label }) => label))
    for (const one of chosen) {
      waiting.splice(waiting.indexOf(one), 1)
      walking += 1
      one.go()
    }
  }
  return {
    take: (turn) =>
      new Promise((resolve) => {
        waiting.push({ ...turn, go: resolve })
        pause()
      }),
    together: async (acts) => {
      // The person who waits for these acts counts as waiting, and goes on with the last of them.
      walking += acts.length - 1
      let left = acts.length
      await Promise.all(acts.map((act) => act().finally(() => (--left > 0 ? pause() : undefined))))
    },
    play: async (everybody) => {
      walking = everybody.length
      const all = Promise.all(everybody.map((one) => one().finally(pause)))
      all.catch(() => undefined) // awaited below, once the others are done
      for (;;) {
        if (walking > 0) await new Promise<void>((resolve) => void (wake = resolve))
        if (waiting.length === 0) break
        await next()
      }
      await all
    },
  }
}
