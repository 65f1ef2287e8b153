// External calendars whose entries block a host's times.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import type { ImportedCalendar } from '../../server/journey/times/imported-calendars-view.ts'
import { calendarsQuery, queryClient } from '../api/queries.ts'
import { say, sayProblem, sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'
import { browserZone, timeOfDay } from '../words/format.ts'
import { Card } from '../ui/Card.tsx'
import { TextField } from '../ui/TextField.tsx'
import { CalendarLook } from './CalendarLook.tsx'
import { calendarName } from './calendar-name.ts'
import { Dot } from './TwoWeeks.tsx'

export function ConnectedCalendars() {
  const calendars = useQuery(calendarsQuery)
  const [address, setAddress] = useState('')
  const renew = () => queryClient.invalidateQueries({ queryKey: ['host', 'calendars'] })
  const add = useMutation({
    mutationFn: () => api.addCalendar(address),
    async onSuccess() {
      setAddress('')
      await renew()
      say('The calendar is connected')
    },
  })
  const remove = useMutation({ mutationFn: api.removeCalendar, onSuccess: renew, onError: sayProblem })
  const read = useMutation({ mutationFn: api.readCalendar, onSuccess: renew, onError: sayProblem })
  return (
    <section aria-label="Your other calendars" className="mt-9">
      <h2 className="mb-3 text-lg">Your other calendars</h2>
      <Card className="p-5 sm:p-6">
        <p className="mb-4 text-ink-soft">
          While something else is in one of these calendars, nobody can book you.
        </p>
        {(calendars.data ?? []).map((calendar) => (
          <div key={calendar.id} className="mb-4 border-b border-line pb-4">
            <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
              <p className="min-w-0 leading-snug">
                <span className="flex items-center gap-2 font-medium">
                  <Dot color={calendar.color} /> <span className="truncate">{calendarName(calendar)}</span>
                </span>
                <span className={`text-[0.9375rem] ${calendar.problem ? 'text-danger' : 'text-ink-faint'}`}>
                  {calendar.problem ?? busyWords(calendar)}
                </span>
              </p>
              <span className="-ml-4 flex gap-1 sm:ml-0">
                <Button
                  kind="quiet"
                  size="small"
                  isBusy={read.isPending && read.variables === calendar.id}
                  onClick={() => read.mutate(calendar.id)}
                  aria-label={`Read ${calendarName(calendar)} again now`}
                >
                  Read again
                </Button>
                <Button
                  kind="quiet"
                  size="small"
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(calendar.id)}
                  aria-label={`Disconnect ${calendarName(calendar)}`}
                >
                  Disconnect
                </Button>
              </span>
            </div>
            <CalendarLook calendar={calendar} />
            <SkippedEntries calendar={calendar} />
          </div>
        ))}
        <form
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            add.mutate()
          }}
        >
          <TextField
            label="Address of a calendar"
            name="calendar"
            inputMode="url"
            autoComplete="off"
            placeholder="https:// or webcal://"
            value={address}
            onText={setAddress}
            hint="The private iCalendar (.ics) link that your calendar shows in its settings."
            problem={add.error ? sentenceOf(add.error) : undefined}
          />
          <Button
            type="submit"
            kind="secondary"
            className="justify-self-start"
            isBusy={add.isPending}
            disabled={address.trim() === ''}
          >
            Connect
          </Button>
        </form>
      </Card>
    </section>
  )
}

function busyWords({ busyAhead, readAt }: ImportedCalendar): string {
  const times = `${busyAhead} busy ${busyAhead === 1 ? 'time' : 'times'} ahead`
  return readAt ? `${times}, read at ${timeOfDay(readAt, browserZone())}` : times
}

/** What could not be read does not block a time, so the host must know. */
function SkippedEntries({ calendar: { skipped, skippedCount } }: { calendar: ImportedCalendar }) {
  if (skippedCount === 0) return null
  const more = skippedCount - skipped.length
  return (
    <details className="mt-2 text-[0.9375rem]">
      <summary className="cursor-pointer text-caution">
        {skippedCount === 1 ? 'One entry' : `${skippedCount} entries`} could not be read, and you can be
        booked then
      </summary>
      <ul className="mt-2 grid gap-1.5">
        {skipped.map(({ title, reason }, index) => (
          // eslint-disable-next-line react/no-array-index-key -- the list is replaced as a whole
          <li key={index}>
            <span className="font-medium">{title}</span>: {reason}
          </li>
        ))}
        {more > 0 && <li>And {more} more.</li>}
      </ul>
    </details>
  )
}
