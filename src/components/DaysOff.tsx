import { X } from 'lucide-react'
import { useState } from 'react'
import type { Hours } from '../api-types.ts'
import { now } from '../clock.ts'
import { day, dayKey, timeOfDay } from '../format.ts'
import { Button } from './Button.tsx'
import { Card } from './Card.tsx'
import { fieldClass } from './TextField.tsx'

type Overrides = Hours['dateOverrides']
type Props = { overrides: Overrides; timeZone: string; onChange: (overrides: Overrides) => void }

function windowsText(windows: Overrides[number]['windows']): string {
  if (windows.length === 0) return 'Off all day'
  const clock = (text: string) => (text === '24:00' ? 'midnight' : timeOfDay(`2026-01-01T${text}:00Z`, 'UTC'))
  return windows.map(({ start, end }) => `${clock(start)} – ${clock(end)}`).join(', ')
}

/** Single dates that differ from the week. New ones are days off; those with hours of their own are shown and kept. */
export function DaysOff({ overrides, timeZone, onChange }: Props) {
  const [date, setDate] = useState('')
  const today = dayKey(now(), timeZone)
  const coming = overrides.filter((override) => override.date >= today).sort((a, b) => a.date.localeCompare(b.date))
  return (
    <section aria-label="Days off" className="mt-9">
      <h2 className="mb-3 text-lg">Days off</h2>
      <Card className="p-5 sm:p-6">
        {coming.length > 0 && (
          <ul className="mb-4 divide-y divide-line">
            {coming.map((override) => (
              <li key={override.date} className="flex items-center justify-between gap-3 py-1">
                <p>
                  <span className="font-semibold">{day(`${override.date}T12:00:00Z`, 'UTC', now())}</span>{' '}
                  <span className="text-ink-faint">{windowsText(override.windows)}</span>
                </p>
                <button
                  type="button"
                  aria-label={`Remove ${override.date}`}
                  onClick={() => onChange(overrides.filter((one) => one !== override))}
                  className="grid size-11 place-items-center rounded-full text-ink-faint hover:bg-sunken hover:text-ink"
                >
                  <X className="size-4.5" aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
        )}
        <div className="flex flex-wrap items-end gap-3">
          <label className="flex flex-col gap-1.5">
            <span className="text-[0.9375rem] text-ink-faint">Another date</span>
            <input
              type="date"
              min={today}
              value={date}
              onChange={(event) => setDate(event.target.value)}
              className={`${fieldClass} min-h-12!`}
            />
          </label>
          <Button
            kind="secondary"
            disabled={date === '' || overrides.some((one) => one.date === date)}
            onClick={() => {
              onChange([...overrides, { date, windows: [] }])
              setDate('')
            }}
          >
            Take the day off
          </Button>
        </div>
      </Card>
    </section>
  )
}
