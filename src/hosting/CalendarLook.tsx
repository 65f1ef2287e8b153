// The name and the colour of a connected calendar.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { calendarColors } from '../../server/journey/times/calendar.ts'
import type { ImportedCalendar } from '../../server/journey/times/imported-calendars-view.ts'
import { api } from '../api/api.ts'
import { queryClient } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { TextField } from '../ui/TextField.tsx'
import { sentenceOf } from '../ui/toasts.ts'
import { calendarName } from './calendar-name.ts'

export function CalendarLook({ calendar }: { calendar: ImportedCalendar }) {
  const [isOpen, setOpen] = useState(false)
  const [name, setName] = useState(calendar.name)
  const [color, setColor] = useState(calendar.color)
  const save = useMutation({
    mutationFn: () => api.changeCalendar({ id: calendar.id, name, color }),
    async onSuccess() {
      await queryClient.invalidateQueries({ queryKey: ['host', 'calendars'] })
      setOpen(false)
    },
  })
  return (
    <>
      <Button
        kind="quiet"
        size="small"
        className="-ml-4"
        aria-expanded={isOpen}
        aria-label={`Name and colour of ${calendarName(calendar)}`}
        onClick={() => setOpen(!isOpen)}
      >
        Name and colour
      </Button>
      {isOpen && (
        <form
          className="mt-2 grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            save.mutate()
          }}
        >
          <TextField
            label="Name"
            name="calendar-name"
            maxLength={40}
            autoComplete="off"
            value={name}
            onText={setName}
            placeholder="Work"
            problem={save.error ? sentenceOf(save.error) : undefined}
          />
          <fieldset>
            <legend className="mb-1.5 font-semibold">Colour</legend>
            <div className="flex flex-wrap gap-2">
              {calendarColors.map((one) => (
                <label
                  key={one}
                  className="grid size-11 cursor-pointer place-items-center rounded-full border-2 border-transparent
                    has-checked:border-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
                >
                  <input
                    type="radio"
                    name={`color-${calendar.id}`}
                    aria-label={one}
                    checked={color === one}
                    onChange={() => setColor(one)}
                    className="sr-only"
                  />
                  <span
                    aria-hidden="true"
                    className="size-7 rounded-full"
                    style={{ background: `var(--calendar-${one})` }}
                  />
                </label>
              ))}
            </div>
          </fieldset>
          <Button
            type="submit"
            kind="secondary"
            size="small"
            className="justify-self-start"
            isBusy={save.isPending}
          >
            Save
          </Button>
        </form>
      )}
    </>
  )
}
