import { locale } from '../words/locale.ts'

const stepMinutes = 30
const steps = Array.from({ length: (24 * 60) / stepMinutes + 1 }, (_, index) => {
  const minutes = index * stepMinutes
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
})

/** Formats a local time ('09:30', or '24:00') for people. */
export function clockText(text: string): string {
  if (text === '24:00') return 'midnight'
  const [hour = 0, minute = 0] = text.split(':').map(Number)
  const format = new Intl.DateTimeFormat(locale(), { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' })
  return format.format(new Date(Date.UTC(2026, 0, 1, hour, minute)))
}

export function TimeSelect({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (value: string) => void
}) {
  const options = steps.includes(value) ? steps : [...steps, value].sort()
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="tabular min-h-11 rounded-control border border-line-strong/60 bg-surface px-2.5
        text-[0.9875rem]"
    >
      {options.map((option) => (
        <option key={option} value={option}>
          {clockText(option)}
        </option>
      ))}
    </select>
  )
}
