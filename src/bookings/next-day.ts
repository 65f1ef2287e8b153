// Where a key leads in a month of free days. Most days have no times, so that a step of a day or a week would
// mostly end on one that cannot be chosen.

/** Another free day of the month, or a turn to the month before or after; undefined for any other key. */
export type Step = { day: string } | { turn: -1 | 1; to: 'first' | 'last' }

const dayOf = (key: string) => Date.parse(`${key}T00:00:00Z`) / 86_400_000

/** `days` are the free days of the month in order; `from` is the day that has the focus, if one has. */
export function nextDay(key: string, from: string | undefined, days: readonly string[]): Step | undefined {
  const at = from === undefined ? -1 : dayOf(from)
  const after = days.filter((one) => dayOf(one) > at)
  const before = days.filter((one) => dayOf(one) < at)
  switch (key) {
    case 'ArrowRight':
      return after[0] ? { day: after[0] } : { turn: 1, to: 'first' }
    case 'ArrowLeft':
      return before.length > 0 ? { day: before.at(-1)! } : { turn: -1, to: 'last' }
    case 'ArrowDown': {
      const day = after.find((one) => dayOf(one) >= at + 7) ?? after.at(-1)
      return day ? { day } : { turn: 1, to: 'first' }
    }
    case 'ArrowUp': {
      const day = before.findLast((one) => dayOf(one) <= at - 7) ?? before[0]
      return day ? { day } : { turn: -1, to: 'last' }
    }
    case 'Home':
      return days[0] ? { day: days[0] } : undefined
    case 'End':
      return days.length > 0 ? { day: days.at(-1)! } : undefined
    case 'PageDown':
      return { turn: 1, to: 'first' }
    case 'PageUp':
      return { turn: -1, to: 'first' }
    default:
      return undefined
  }
}
