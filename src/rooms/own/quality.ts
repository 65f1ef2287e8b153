// The quality of the connection, from the browser's statistics.

export type Quality = 'good' | 'fair' | 'poor'

/** What matters in a conversation: delay and loss. */
export function qualityOf(measured: { roundTripMs: number; lostShare: number }): Quality {
  if (measured.roundTripMs > 600 || measured.lostShare > 0.08) return 'poor'
  return measured.roundTripMs > 300 || measured.lostShare > 0.02 ? 'fair' : 'good'
}

export type Counted = { received: number; lost: number; frames: number }

/**
 * The current round trip, and the counts received, lost and shown since the beginning; undefined before any.
 */
export function readStats(report: RTCStatsReport): { roundTripMs: number; counted: Counted } | undefined {
  let roundTripMs: number | undefined
  const counted = { received: 0, lost: 0, frames: 0 }
  report.forEach((stat: Record<string, unknown>) => {
    if (
      stat['type'] === 'candidate-pair' &&
      stat['nominated'] === true &&
      typeof stat['currentRoundTripTime'] === 'number'
    ) {
      roundTripMs = stat['currentRoundTripTime'] * 1000
    }
    if (stat['type'] === 'inbound-rtp') {
      counted.received += Number(stat['packetsReceived'] ?? 0)
      counted.lost += Math.max(0, Number(stat['packetsLost'] ?? 0))
      counted.frames += Number(stat['framesDecoded'] ?? 0)
    }
  })
  return roundTripMs === undefined ? undefined : { roundTripMs, counted }
}

export function lostShare(before: Omit<Counted, 'frames'>, after: Omit<Counted, 'frames'>): number {
  const lost = Math.max(0, after.lost - before.lost)
  const all = lost + Math.max(0, after.received - before.received)
  return all === 0 ? 0 : lost / all
}
