import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { now } from '../clock.ts'
import { browserZone, zoneLabel } from '../format.ts'
import { meQuery, queryClient, useZone } from '../queries.ts'
import { sayProblem } from '../toasts.ts'

/** The zone times are shown in, and another if the member is elsewhere. It is kept with the member, for messages too. */
export function ZonePicker() {
  const zone = useZone()
  const [isOpen, setOpen] = useState(false)
  const save = useMutation({
    mutationFn: (timeZone: string) => api.updateMe({ timeZone }),
    onSuccess: () => queryClient.refetchQueries(meQuery),
    onError: sayProblem,
    onSettled: () => setOpen(false),
  })
  const zones = [...new Set([browserZone(), zone, ...Intl.supportedValuesOf('timeZone')])]
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-[0.9375rem] text-ink-faint">
      {isOpen ? (
        <label className="flex flex-wrap items-center gap-2">
          Show times in
          <select
            autoFocus
            value={save.variables ?? zone}
            disabled={save.isPending}
            onChange={(event) => save.mutate(event.target.value)}
            className="min-h-11 max-w-56 rounded-control border border-line-strong/60 bg-surface px-3 text-ink"
          >
            {zones.map((one) => <option key={one} value={one}>{one.replaceAll('_', ' ').replaceAll('/', ' / ')}</option>)}
          </select>
        </label>
      ) : (
        <>
          <span>{zoneLabel(zone, now())}</span>
          <button
            type="button"
            onClick={() => setOpen(true)}
            className="-my-2 inline-flex min-h-11 items-center font-semibold text-ink-soft underline decoration-line-strong
              decoration-1 underline-offset-4 hover:text-ink"
          >
            Change
          </button>
        </>
      )}
    </p>
  )
}
