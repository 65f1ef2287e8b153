import type { ReactNode } from 'react'
import { now } from '../words/clock.ts'
import { day, midSentence, timeOfDay, when, zoneLabel } from '../words/format.ts'

type Props = { start: string; zone: string; hostZone: string | undefined; name: string; children: ReactNode }

/** The chosen time, in both zones where they differ, and the button that books it. */
export function ChosenTime({ start, zone, hostZone, name, children }: Props) {
  return (
    <div
      className="rise sticky bottom-[calc(5rem+env(safe-area-inset-bottom))] z-20 mt-4 flex flex-wrap
        items-center
        justify-between gap-x-6 gap-y-3 rounded-card border border-line bg-surface p-4 shadow-float
        sm:bottom-5 sm:px-6"
    >
      <p className="leading-snug" role="status">
        <strong className="block text-lg font-semibold">
          {day(start, zone, now())}, {timeOfDay(start, zone)}
        </strong>
        <span className="text-[0.9375rem] text-ink-faint">
          {zoneLabel(zone, start)}, with {name}
        </span>
        {hostZone && when(start, hostZone, now()) !== when(start, zone, now()) && (
          <span className="block text-[0.9375rem] text-ink-faint">
            For {name}: {midSentence(when(start, hostZone, now()))}, {zoneLabel(hostZone, start)}
          </span>
        )}
      </p>
      {children}
    </div>
  )
}
