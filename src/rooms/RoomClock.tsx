import { minuteMs, useNow } from '../words/clock.ts'
import { minutesAndSeconds } from '../words/format.ts'

const warningMs = 2 * minuteMs

export type Remaining = { phase: 'before' | 'during' | 'closing' | 'over' | 'closed'; ms: number }

/** The phase of a session: before its start, during it, in its last two minutes, over time, or closed. */
export function remaining(start: string, end: string, closesAt: string, now: Date): Remaining {
  const at = now.getTime()
  if (at < Date.parse(start)) return { phase: 'before', ms: Date.parse(start) - at }
  const left = Date.parse(end) - at
  if (left > 0) return { phase: left <= warningMs ? 'closing' : 'during', ms: left }
  const untilClosed = Date.parse(closesAt) - at
  return untilClosed > 0 ? { phase: 'over', ms: untilClosed } : { phase: 'closed', ms: 0 }
}

export function useRemaining(times: { start: string; end: string; roomClosesAt: string }): Remaining {
  return remaining(times.start, times.end, times.roomClosesAt, useNow(500))
}

const words = {
  before: 'until the start',
  during: 'left',
  closing: 'left',
  over: 'to finish your sentence',
  closed: 'The session is over',
}

export function RoomClock({ phase, ms }: Remaining) {
  const isWarm = phase === 'closing' || phase === 'over'
  return (
    <p
      role="timer"
      className={`flex items-baseline gap-1.5 rounded-full px-3.5 py-1.5 leading-none whitespace-nowrap transition-colors ${
        isWarm ? 'bg-caution-soft text-caution' : 'bg-sunken text-ink-soft'
      }`}
    >
      {phase !== 'closed' && (
        <span className="tabular text-lg font-semibold text-ink">{minutesAndSeconds(ms)}</span>
      )}
      <span className="text-sm">{words[phase]}</span>
    </p>
  )
}
