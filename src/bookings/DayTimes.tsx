import { useState } from 'react'
import { byPart, type PartOfDay } from './free-times.ts'
import { timeOfDay } from '../words/format.ts'

/** From this many times on, only one part of the day is shown at once. */
const manyTimes = 18

type Props = {
  starts: string[]
  timeZone: string
  chosen: string | undefined
  onChoose: (start: string) => void
}

export function DayTimes({ starts, timeZone, chosen, onChoose }: Props) {
  const [wanted, setWanted] = useState<PartOfDay>()
  const parts = byPart(starts, timeZone)
  const isMany = starts.length > manyTimes && parts.size > 1
  const chosenPart = [...parts].find(([, times]) => chosen && times.includes(chosen))?.[0]
  const current = [wanted, chosenPart].find((part) => part && parts.has(part)) ?? [...parts.keys()][0]
  const shown = isMany ? [...parts].filter(([part]) => part === current) : [...parts]
  return (
    <>
      {isMany && (
        <div
          role="group"
          aria-label="Part of the day"
          className="mb-4 grid auto-cols-fr grid-flow-col gap-1 rounded-control bg-sunken p-1"
        >
          {[...parts.keys()].map((part) => (
            <button
              key={part}
              type="button"
              aria-pressed={part === current}
              onClick={() => setWanted(part)}
              className="min-h-11 rounded-[0.7rem] px-1 text-[0.875rem] font-medium text-ink-soft
                aria-pressed:bg-raised
                aria-pressed:text-ink aria-pressed:shadow-card"
            >
              {part}
            </button>
          ))}
        </div>
      )}
      {shown.map(([part, times]) => (
        <div key={part} className="mb-5">
          {!isMany && (
            <h3 className="mb-2 text-[0.9375rem] font-medium tracking-normal text-ink-faint">{part}</h3>
          )}
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(5.75rem,1fr))] gap-2">
            {times.map((start) => (
              <li key={start}>
                <button
                  type="button"
                  aria-pressed={start === chosen}
                  onClick={() => onChoose(start)}
                  className="tabular min-h-12 w-full rounded-control border border-line-strong/50 bg-surface
                    font-medium
                    whitespace-nowrap transition-colors hover:border-accent aria-pressed:border-accent
                    aria-pressed:bg-accent
                    aria-pressed:text-accent-ink"
                >
                  {timeOfDay(start, timeZone)}
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  )
}

export function TimesSkeleton() {
  return (
    <div role="status" aria-label="Loading free times">
      <div className="skeleton mb-5 h-6 w-32" />
      <div className="grid grid-cols-[repeat(auto-fill,minmax(5.75rem,1fr))] gap-2">
        {Array.from({ length: 9 }, (_, index) => (
          <div key={index} className="skeleton h-12 rounded-control" />
        ))}
      </div>
    </div>
  )
}
