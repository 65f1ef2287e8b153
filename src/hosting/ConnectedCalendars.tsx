// External calendars whose entries block a host's times.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import type { ImportedCalendar } from '../../server/journey/times/imported-calendars-view.ts'
import { calendarsQuery, queryClient } from '../api/queries.ts'
import { say, sayProblem, sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { TextField } from '../ui/TextField.tsx'

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
  return (
    <section aria-label="Your other calendars" className="mt-9">
      <h2 className="mb-3 text-lg">Your other calendars</h2>
      <Card className="p-5 sm:p-6">
        <p className="mb-4 text-ink-soft">
          While something else is in one of these calendars, nobody can book you.
        </p>
        {(calendars.data ?? []).map((calendar) => (
          <div
            key={calendar.id}
            className="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line
              pb-4"
          >
            <p className="min-w-0 leading-snug">
              <span className="block truncate font-medium">{nameOf(calendar)}</span>
              <span className={`text-[0.9375rem] ${calendar.problem ? 'text-danger' : 'text-ink-faint'}`}>
                {calendar.problem ??
                  `${calendar.busyAhead} busy ${calendar.busyAhead === 1 ? 'time' : 'times'} ahead`}
              </span>
            </p>
            <Button
              kind="quiet"
              size="small"
              disabled={remove.isPending}
              onClick={() => remove.mutate(calendar.id)}
              aria-label={`Disconnect ${nameOf(calendar)}`}
            >
              Disconnect
            </Button>
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

function nameOf(calendar: ImportedCalendar): string {
  return URL.canParse(calendar.address) ? new URL(calendar.address).hostname : calendar.address
}
