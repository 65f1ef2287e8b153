// Whose turn it is. Everybody waits at a gate between two steps; when all wait, some of those whose moment
// has come go on together, and when nobody's has, time passes to the next one. So time never passes in the
// middle of an act.
import type { Random } from './random.ts'

type Turn = {
  /**
   * What is going to happen, for the log and for what goes wrong meanwhile: `journey 3, session 2: meets`.
   */
  label: string
  /** Not before this moment; at once without it. */
  at?: Date
}

type Waiting = Turn & { go: () => void }

export type Turns = {
  take: (turn: Turn) => Promise<void>
  /** One who takes turns goes on as several, until all of them have come to an end. */
  together: (acts: (() => Promise<void>)[]) => Promise<void>
  /** Plays until everybody has come to an end. */
  play: (everybody: (() => Promise<void>)[]) => Promise<void>
}

export type Conductor = {
  random: Random
  now: () => Promise<Date>
  passTo: (moment: Date) => Promise<void>
  /** Before the next ones go on. */
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
      // Whoever waits for the others stands aside, and goes on with the last of them.
      walking += acts.length - 1
      let left = acts.length
      await Promise.all(acts.map((act) => act().finally(() => (--left > 0 ? pause() : undefined))))
    },
    play: async (everybody) => {
      walking = everybody.length
      const all = Promise.all(everybody.map((one) => one().finally(pause)))
      all.catch(() => undefined) // it is waited for when the others are done
      for (;;) {
        if (walking > 0) await new Promise<void>((resolve) => void (wake = resolve))
        if (waiting.length === 0) break
        await next()
      }
      await all
    },
  }
}
