// One line of the bench: a measurement, its aim and, where it helps, a known figure for comparison.

export type Line = {
  name: string
  measured: string
  /** The numbers for machines: milliseconds, bytes or a count, as the names say. */
  values: Record<string, number>
  aim?: string
  ratio?: string
}

export function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
}

export const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

/** The percentile: `share` of the values lie below it. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export const times = (one: number, other: number) => `${(one / other).toFixed(1)} times`
