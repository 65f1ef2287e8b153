import type { Hours } from '../../server/journey/times/hours-view.ts'
import { Card } from '../ui/Card.tsx'
import { fieldClass } from '../ui/TextField.tsx'

type Key =
  | 'minimumNoticeMinutes'
  | 'bufferBeforeMinutes'
  | 'bufferAfterMinutes'
  | 'horizonDays'
  | 'intervalMinutes'
  | 'maximumPerDay'
/** For optional rules, "none" is 0 here. */
type Rule = { key: Key; label: string; unit: string; options: [number, string][] }

const rules: Rule[] = [
  {
    key: 'minimumNoticeMinutes',
    label: 'Book at least this long before',
    unit: 'minutes',
    options: [
      [0, 'No notice'],
      [15, '15 minutes'],
      [30, '30 minutes'],
      [60, '1 hour'],
      [120, '2 hours'],
      [240, '4 hours'],
      [720, '12 hours'],
      [1440, '1 day'],
    ],
  },
  {
    key: 'bufferBeforeMinutes',
    label: 'Time to get ready before each session',
    unit: 'minutes',
    options: [
      [0, 'None'],
      [5, '5 minutes'],
      [10, '10 minutes'],
      [15, '15 minutes'],
      [30, '30 minutes'],
    ],
  },
  {
    key: 'bufferAfterMinutes',
    label: 'A pause after each session',
    unit: 'minutes',
    options: [
      [0, 'No pause'],
      [5, '5 minutes'],
      [10, '10 minutes'],
      [15, '15 minutes'],
      [30, '30 minutes'],
    ],
  },
  {
    key: 'horizonDays',
    label: 'Book up to this far ahead',
    unit: 'days',
    options: [
      [7, '1 week'],
      [14, '2 weeks'],
      [30, '30 days'],
      [60, '60 days'],
      [90, '90 days'],
    ],
  },
  {
    key: 'intervalMinutes',
    label: 'From one start to the next',
    unit: 'minutes',
    options: [
      [0, 'One right after the other'],
      [15, '15 minutes'],
      [20, '20 minutes'],
      [30, '30 minutes'],
      [60, '1 hour'],
    ],
  },
  {
    key: 'maximumPerDay',
    label: 'At most this many sessions a day',
    unit: 'sessions',
    options: [
      [0, 'As many as fit'],
      [1, '1 session'],
      [2, '2 sessions'],
      [3, '3 sessions'],
      [5, '5 sessions'],
      [10, '10 sessions'],
    ],
  },
]

function optionsWith(rule: Rule, value: number): [number, string][] {
  if (rule.options.some(([known]) => known === value)) return rule.options
  return [...rule.options, [value, `${value} ${rule.unit}`] as [number, string]].sort((a, b) => a[0] - b[0])
}

function withRule(hours: Hours, key: Key, value: number): Hours {
  const mayBeLeftOut = key === 'intervalMinutes' || key === 'maximumPerDay'
  return { ...hours, [key]: mayBeLeftOut && value === 0 ? null : value }
}

export function HourRules({ hours, onChange }: { hours: Hours; onChange: (hours: Hours) => void }) {
  return (
    <section aria-label="Booking rules" className="mt-9">
      <h2 className="mb-3 text-lg">How people can book</h2>
      <Card className="grid gap-5 p-5 sm:grid-cols-2 sm:p-6">
        {rules.map((rule) => (
          <label key={rule.key} className="flex flex-col justify-between gap-1.5">
            <span className="text-[0.9375rem] text-ink-faint">{rule.label}</span>
            <select
              value={hours[rule.key] ?? 0}
              onChange={(event) => onChange(withRule(hours, rule.key, Number(event.target.value)))}
              className={`${fieldClass} min-h-12! px-3!`}
            >
              {optionsWith(rule, hours[rule.key] ?? 0).map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
        ))}
      </Card>
    </section>
  )
}
