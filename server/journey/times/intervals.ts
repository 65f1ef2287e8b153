// Stretches of time as [start, end) in milliseconds.
export type Interval = [start: number, end: number]

/** Sorted, without empty ones; those that touch or overlap become one. */
export function merge(intervals: Interval[]): Interval[] {
  const sorted = intervals.filter(([start, end]) => start < end).sort((a, b) => a[0] - b[0])
  const merged: Interval[] = []
  for (const [start, end] of sorted) {
    const last = merged.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}

/** What is left of `open` without `closed`; both as `merge` gives them. */
export function subtract(open: Interval[], closed: Interval[]): Interval[] {
  const left: Interval[] = []
  let index = 0
  for (const [start, end] of open) {
    let from = start
    while (index < closed.length && closed[index]![1] <= from) index++
    for (let at = index; at < closed.length && closed[at]![0] < end; at++) {
      const [closedFrom, closedUntil] = closed[at]!
      if (closedFrom > from) left.push([from, closedFrom])
      from = Math.max(from, closedUntil)
    }
    if (from < end) left.push([from, end])
  }
  return left
}
