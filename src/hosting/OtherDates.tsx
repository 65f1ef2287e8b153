import { X } from 'lucide-react'
import { useState } from 'react'
import type { Hours } from '../../server/journey/times/hours-view.ts'
import { now } from '../words/clock.ts'
import { day, dayKey } from '../words/format.ts'
import { dayProblem } from './week.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { fieldClass } from '../ui/TextField.tsx'
import { clockText, TimeSelect } from './TimeSelect.tsx'

type Overrides = Hours['dateOverrides']
type Props = { overrides: Overrides; timeZone: string; onChange: (overrides: Overrides) => void }

function windowsText(windows: Overrides[number]['windows']): string {
  if (windows.length === 0) return 'Off all day'
  return windows.map(({ start, end }) => `${clockText(start)} – ${clockText(end)}`).join(', ')
}

/** Dates that differ from the week: days off, and days with special hours. */
export function OtherDates({ overrides, timeZone, onChange }: Props) {
  const [date, setDate] = useState('')
  const [hours, setHours] = useState({ start: '09:00', end: '12:00' })
  const today = dayKey(now(), timeZone)
  const coming = overrides
    .filter((override) => override.date >= today)
    .sort((a, b) => a.date.localeCompare(b.date))
  const known = overrides.find((one) => one.date === date)
  const problem = dayProblem([...(known?.windows ?? []), hours])
  const put = (windows: Overrides[number]['windows']) => {
    onChange([...overrides.filter((one) => one !== known), { date, windows }])
    setDate('')
  }
  return (
    <section aria-label="Single dates" className="mt-9">
      <h2 className="mb-3 text-lg">Single dates</h2>
      <Card className="p-5 sm:p-6">
        <p className="mb-4 text-ink-soft">A day off, or a day with other hours than the week's.</p>
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
                  aria-label={`Remove ${day(`${override.date}T12:00:00Z`, 'UTC', now())}`}
                  onClick={() => onChange(overrides.filter((one) => one !== override))}
                  className="grid size-11 place-items-center rounded-full text-ink-faint hover:bg-sunken
                    hover:text-ink"
                >
                  <X className="size-4.5" aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
        )}
        <div className="flex flex-wrap items-end gap-3">
          <label className="flex flex-col gap-1.5">
            <span className="text-[0.9375rem] text-ink-faint">Date</span>
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
            disabled={date === '' || known?.windows.length === 0}
            onClick={() => put([])}
          >
            Take the day off
          </Button>
        </div>
        {date !== '' && (
          <div className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-2">
            <span className="text-[0.9375rem] text-ink-faint">
              {known?.windows.length ? 'Also' : 'Or only'} from
            </span>
            <TimeSelect
              label="That day, from"
              value={hours.start}
              onChange={(start) => setHours({ ...hours, start })}
            />
            <span className="text-[0.9375rem] text-ink-faint">until</span>
            <TimeSelect
              label="That day, until"
              value={hours.end}
              onChange={(end) => setHours({ ...hours, end })}
            />
            <Button
              kind="secondary"
              size="small"
              disabled={problem !== undefined}
              onClick={() => put([...(known?.windows ?? []), hours])}
            >
              Set these hours
            </Button>
            {problem && (
              <p role="alert" className="w-full text-[0.9375rem] font-medium text-danger">
                {problem}
              </p>
            )}
          </div>
        )}
      </Card>
    </section>
  )
}
