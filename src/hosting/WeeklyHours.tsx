import { useMutation, useQuery } from '@tanstack/react-query'
import { CalendarSync } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/api.ts'
import type { Hours } from '../../server/journey/times/hours-view.ts'
import { now } from '../words/clock.ts'
import { zoneLabel } from '../words/format.ts'
import { locale, weekStart } from '../words/locale.ts'
import { hoursQuery, queryClient } from '../api/queries.ts'
import { say, sentenceOf } from '../ui/toasts.ts'
import { readDraft, useUnsaved } from './hours-draft.ts'
import { dayProblem, fromWeek, toWeek, type Week, type Window } from './week.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { HourRules } from './HourRules.tsx'
import { HoursPreview } from './HoursPreview.tsx'
import { Notice, Problem } from '../ui/Notice.tsx'
import { OtherDates } from './OtherDates.tsx'
import { ZoneSelect } from '../ui/ZoneSelect.tsx'
import { DayHours } from './DayHours.tsx'

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

const weekFrom = () => Array.from({ length: 7 }, (_, index) => (weekStart() + index) % 7)
/** 1 November 2026 was a Sunday. */
const dayName = (day: number) =>
  new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2026, 10, 1 + day)),
  )

function Editor({ saved }: { saved: Hours }) {
  const [draft] = useState(() => readDraft(saved))
  const [week, setWeek] = useState<Week>(() => toWeek((draft ?? saved).weekly))
  const [rest, setRest] = useState(draft ?? saved)
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
  useUnsaved(isChanged ? { ...rest, weekly: fromWeek(week) } : undefined, saved)
  const isEmpty = week.every((windows) => windows.length === 0) && rest.dateOverrides.length === 0
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
      {isEmpty && (
        <div
          className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-card
            bg-caution-soft px-5 py-4
            text-caution"
        >
          <p>
            <strong className="font-semibold">You have no hours yet.</strong> Until you set some, nobody can
            book you.
          </p>
          <Button
            kind="secondary"
            size="small"
            onClick={() =>
              setWeek(
                week.map((_none, day) => (day >= 1 && day <= 5 ? [{ start: '09:00', end: '17:00' }] : [])),
              )
            }
          >
            Begin with weekdays, 9 to 17
          </Button>
        </div>
      )}
      <Card className="divide-y divide-line">
        {weekFrom().map((day) => (
          <DayHours
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
