import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { now } from '../words/clock.ts'
import { zoneLabel } from '../words/format.ts'
import { meQuery, queryClient, useZone } from '../api/queries.ts'
import { sayProblem } from './toasts.ts'
import { ZoneSelect } from './ZoneSelect.tsx'

/** The zone in which times are shown, and a choice of another. Saved with the member, for messages too. */
export function ZonePicker() {
  const zone = useZone()
  const [isOpen, setOpen] = useState(false)
  // Keyboard focus stays where it was.
  const [wasOpen, setWasOpen] = useState(false)
  const save = useMutation({
    mutationFn: (timeZone: string) => api.updateMe({ timeZone }),
    onSuccess: () => queryClient.refetchQueries(meQuery),
    onError: sayProblem,
    onSettled() {
      setWasOpen(true)
      setOpen(false)
    },
  })
  return (
    <div className="flex flex-wrap items-center gap-x-2 text-[0.9375rem] text-ink-faint">
      {isOpen ? (
        <ZoneSelect
          label="Show times in"
          hasFocus
          value={save.variables ?? zone}
          isDisabled={save.isPending}
          onChange={(timeZone) => save.mutate(timeZone)}
          onLeave={() => {
            setWasOpen(true)
            setOpen(false)
          }}
        />
      ) : (
        <>
          <span>{zoneLabel(zone, now())}</span>
          <button
            type="button"
            autoFocus={wasOpen}
            onClick={() => setOpen(true)}
            className="-my-2 inline-flex min-h-11 items-center font-semibold text-ink-soft underline
              decoration-line-strong
              decoration-1 underline-offset-4 hover:text-ink"
          >
            Change
          </button>
        </>
      )}
    </div>
  )
}
