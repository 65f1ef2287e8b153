import { browserZone } from '../words/format.ts'

type Props = {
  label: string
  value: string
  onChange: (timeZone: string) => void
  isDisabled?: boolean
  hasFocus?: boolean
  /** Called on Escape, without a change. */
  onLeave?: () => void
}

/** Every time zone, beginning with the present one and the browser's own. */
export function ZoneSelect({ label, value, onChange, isDisabled = false, hasFocus = false, onLeave }: Props) {
  const zones = [...new Set([browserZone(), value, ...Intl.supportedValuesOf('timeZone')])]
  return (
    <label className="flex flex-wrap items-center gap-2 text-[0.9375rem]">
      {label}
      <select
        autoFocus={hasFocus}
        value={value}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onLeave?.()}
        className="min-h-11 max-w-56 rounded-control border border-line-strong/60 bg-surface px-3 text-ink"
      >
        {zones.map((one) => (
          <option key={one} value={one}>
            {one.replaceAll('_', ' ').replaceAll('/', ' / ')}
          </option>
        ))}
      </select>
    </label>
  )
}
