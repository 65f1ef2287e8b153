// Pseudo-random numbers: the same seed gives the same sequence.

export type Random = {
  /** From 0 (inclusive) to 1 (exclusive). */
  next: () => number
  chance: (probability: number) => boolean
  whole: (from: number, to: number) => number
  pick: <Item>(items: readonly Item[]) => Item
  /** One of the names, with the probability of its weight. */
  weighted: <Name extends string>(weights: Readonly<Record<Name, number>>) => Name
}

/** A seed with a name in it (`7:journey 3`) gives the same numbers whatever was drawn for other names. */
export function randomOf(seed: string): Random {
  let state = hash(seed)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    chance: (probability) => next() < probability,
    whole,
    pick: (items) => items[whole(0, items.length - 1)]!,
    weighted: <Name extends string>(weights: Readonly<Record<Name, number>>) => {
      const names = Object.keys(weights) as Name[]
      let left = next() * names.reduce((sum, name) => sum + weights[name], 0)
      return names.find((name) => (left -= weights[name]) < 0) ?? names[0]!
    },
  }
}

function hash(text: string): number {
  let state = 2166136261
  for (const character of text) state = Math.imul(state ^ character.codePointAt(0)!, 16777619)
  return state
}
