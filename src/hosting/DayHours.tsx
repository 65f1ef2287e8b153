import { Switch } from '@base-ui/react/switch'
import { Plus, X } from 'lucide-react'
import { crossesMidnight, dayProblem, nextWindow, type Window } from './week.ts'
import { TimeSelect } from './TimeSelect.tsx'

/** The hours of one weekday: a switch, and up to four windows. */
export function DayHours({
  name,
  windows,
  onChange,
}: {
  name: string
  windows: Window[]
  onChange: (windows: Window[]) => void
}) {
  const problem = dayProblem(windows)
  const change = (index: number, part: Partial<Window>) =>
    onChange(windows.map((window, at) => (at === index ? { ...window, ...part } : window)))
  return (
    <div
      role="group"
      aria-label={name}
      className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 px-5 py-3.5 sm:flex-nowrap
        sm:px-6"
    >
      <label className="flex min-h-11 w-40 shrink-0 cursor-pointer items-center gap-3 font-semibold">
        <Switch.Root
          checked={windows.length > 0}
          onCheckedChange={(isOn) => onChange(isOn ? [nextWindow([])] : [])}
          className="inline-flex h-7 w-12 shrink-0 items-center rounded-full bg-line-strong/70 p-0
            transition-colors data-checked:bg-accent"
        >
          <Switch.Thumb
            className="block size-5.5 translate-x-[3px] rounded-full bg-surface shadow-card
              transition-transform
              data-checked:translate-x-[23px]"
          />
        </Switch.Root>
        {name}
      </label>
      {windows.length === 0 ? (
        <p className="flex min-h-11 flex-1 items-center text-ink-faint max-sm:justify-end">Not available</p>
      ) : (
        <div className="grid gap-2 max-sm:order-last max-sm:basis-full sm:flex-1">
          {windows.map((window, index) => (
            <div key={index} className="flex items-center gap-2">
              <TimeSelect
                label={`${name}, from`}
                value={window.start}
                onChange={(start) => change(index, { start })}
              />
              <span className="text-ink-faint" aria-hidden="true">
                –
              </span>
              <TimeSelect
                label={`${name}, until`}
                value={window.end}
                onChange={(end) => change(index, { end })}
              />
              {crossesMidnight(window) && <span className="text-sm text-ink-faint">next day</span>}
              <button
                type="button"
                aria-label={`Remove these hours on ${name}`}
                onClick={() => onChange(windows.filter((_, at) => at !== index))}
                className="grid size-11 place-items-center rounded-full text-ink-faint hover:bg-sunken
                  hover:text-ink"
              >
                <X className="size-4.5" aria-hidden="true" />
              </button>
            </div>
          ))}
          {problem && (
            <p role="alert" className="text-[0.9375rem] font-medium text-danger">
              {problem}
            </p>
          )}
        </div>
      )}
      {windows.length > 0 && windows.length < 4 && (
        <button
          type="button"
          aria-label={`Add hours on ${name}`}
          onClick={() => onChange([...windows, nextWindow(windows)])}
          className="grid size-11 shrink-0 place-items-center rounded-full text-ink-soft hover:bg-sunken
            hover:text-ink"
        >
          <Plus className="size-5" aria-hidden="true" />
        </button>
      )}
    </div>
  )
}
