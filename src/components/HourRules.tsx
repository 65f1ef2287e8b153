import type { Hours } from '../api-types.ts'
import { Card } from './Card.tsx'
import { fieldClass } from './TextField.tsx'

type Rule = { key: 'minimumNoticeMinutes' | 'bufferBeforeMinutes' | 'bufferAfterMinutes' | 'horizonDays'; label: string; options: [number, string][] }

const rules: Rule[] = [
  {
    key: 'minimumNoticeMinutes',
    label: 'Book at least this long before',
    options: [[0, 'No notice'], [15, '15 minutes'], [30, '30 minutes'], [60, '1 hour'], [120, '2 hours'], [240, '4 hours'], [720, '12 hours'], [1440, '1 day']],
  },
  {
    key: 'bufferBeforeMinutes',
    label: 'Time to get ready before each session',
    options: [[0, 'None'], [5, '5 minutes'], [10, '10 minutes'], [15, '15 minutes'], [30, '30 minutes']],
  },
  {
    key: 'bufferAfterMinutes',
    label: 'A pause after each session',
    options: [[0, 'No pause'], [5, '5 minutes'], [10, '10 minutes'], [15, '15 minutes'], [30, '30 minutes']],
  },
  {
    key: 'horizonDays',
    label: 'Book up to this far ahead',
    options: [[7, '1 week'], [14, '2 weeks'], [30, '30 days'], [60, '60 days'], [90, '90 days']],
  },
]

function optionsWith(rule: Rule, value: number): [number, string][] {
  if (rule.options.some(([known]) => known === value)) return rule.options
  const unit = rule.key === 'horizonDays' ? 'days' : 'minutes'
  return [...rule.options, [value, `${value} ${unit}`] as [number, string]].sort((a, b) => a[0] - b[0])
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
              value={hours[rule.key]}
              onChange={(event) => onChange({ ...hours, [rule.key]: Number(event.target.value) })}
              className={`${fieldClass} min-h-12! px-3!`}
            >
              {optionsWith(rule, hours[rule.key]).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
            </select>
          </label>
        ))}
      </Card>
    </section>
  )
}
