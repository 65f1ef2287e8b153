import { Switch } from '@base-ui/react/switch'
import { useMutation, useQuery } from '@tanstack/react-query'
import { CalendarSync, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/api.ts'
import type { Hours } from '../../server/journey/times/hours-view.ts'
import { now } from '../words/clock.ts'
import { locale, zoneLabel } from '../words/format.ts'
import { hoursQuery, queryClient } from '../api/queries.ts'
import { say, sentenceOf } from '../ui/toasts.ts'
import { crossesMidnight, dayProblem, fromWeek, nextWindow, toWeek, type Week, type Window } from './week.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { HourRules } from './HourRules.tsx'
import { HoursPreview } from './HoursPreview.tsx'
import { Notice, Problem } from '../ui/Notice.tsx'
import { OtherDates } from './OtherDates.tsx'
import { TimeSelect } from './TimeSelect.tsx'
import { ZoneSelect } from '../ui/ZoneSelect.tsx'

export function WeeklyHours() {
  const hours = useQuery(hoursQuery)
  if (hours.isPending)
    return <div role="status" aria-label="Loading your hours" className="skeleton h-96 rounded-card" />
  if (!hours.data) return <Problem error={hours.error} onRetry={() => void hours.refetch()} />
  if (hours.data.calendar === 'calcom') {
    return (
      <Card>
        <Notice icon={CalendarSync} title="Your times come from your Cal.com calendar">
          Change them there. Members see it here about a minute later.
        </Notice>
      </Card>
    )
  }
  return <Editor saved={hours.data} />
}

const weekFrom = [1, 2, 3, 4, 5, 6, 0]
/** 1 November 2026 was a Sunday. */
const dayName = (day: number) =>
  new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2026, 10, 1 + day)),
  )

function Editor({ saved }: { saved: Hours }) {
  const [week, setWeek] = useState<Week>(() => toWeek(saved.weekly))
  const [rest, setRest] = useState(saved)
  const save = useMutation({
    mutationFn: () => api.saveHours({ ...rest, weekly: fromWeek(week) }),
    async onSuccess() {
      await queryClient.invalidateQueries({ queryKey: ['host'] })
      say('Your hours are saved')
    },
  })
  const setDay = (day: number, windows: Window[]) =>
    setWeek(week.map((before, index) => (index === day ? windows : before)))
  const isChanged =
    JSON.stringify([fromWeek(week), rest]) !== JSON.stringify([fromWeek(toWeek(saved.weekly)), saved])
  const isWrong = week.some((windows) => dayProblem(windows) !== undefined)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-ink-soft">
        <p>Members can book you in these hours, in {zoneLabel(rest.timeZone, now())}.</p>
        <ZoneSelect
          label="Time zone"
          value={rest.timeZone}
          onChange={(timeZone) => setRest({ ...rest, timeZone })}
        />
      </div>
      <Card className="divide-y divide-line">
        {weekFrom.map((day) => (
          <Day
            key={day}
            name={dayName(day)}
            windows={week[day] ?? []}
            onChange={(windows) => setDay(day, windows)}
          />
        ))}
      </Card>
      <OtherDates
        overrides={rest.dateOverrides}
        timeZone={rest.timeZone}
        onChange={(dateOverrides) => setRest({ ...rest, dateOverrides })}
      />
      <HourRules hours={rest} onChange={setRest} />
      <HoursPreview hours={{ ...rest, weekly: fromWeek(week) }} />
      {save.error && (
        <p role="alert" className="mt-4 font-medium text-danger">
          {sentenceOf(save.error)}
        </p>
      )}
      {isChanged && (
        <div
          className="rise sticky bottom-[calc(5rem+env(safe-area-inset-bottom))] z-10 mt-5 flex flex-wrap
            items-center
            justify-between gap-3 rounded-card border border-line bg-surface p-4 shadow-float sm:bottom-5
            sm:px-6"
        >
          <p className="text-ink-soft">You have unsaved changes.</p>
          <div className="flex flex-1 justify-end gap-2.5">
            <Button
              kind="quiet"
              size="small"
              onClick={() => {
                setWeek(toWeek(saved.weekly))
                setRest(saved)
              }}
            >
              Discard
            </Button>
            <Button type="submit" size="small" disabled={isWrong} isBusy={save.isPending}>
              Save hours
            </Button>
          </div>
        </div>
      )}
    </form>
  )
}

function Day({
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
