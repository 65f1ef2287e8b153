// npm run calendar: what does this calendar make busy, and what was skipped?
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { CalendarUnreadable } from '../server/integrations/icalendar/address.ts'
import type { Window } from '../server/integrations/icalendar/busy-times.ts'
import { fetchCalendar } from '../server/integrations/icalendar/fetch-calendar.ts'
import { readCalendarApart } from '../server/integrations/icalendar/read-apart.ts'
import { addDays } from '../server/lib/time.ts'
import { momentOf } from './slots/moments.ts'

const usage = `npm run calendar -- --file F [--file F2 ...] --zone ZONE --from TIME --to TIME [--json]
npm run calendar -- --host ID [--from TIME] [--to TIME] [--json]     the calendars of a host of the Presence that runs

Prints when each calendar makes busy, and which entries could not be read. ZONE is the host's: for whole days and
for times that name no zone. TIME is an instant (2027-03-01T09:00Z), what the host's clock shows or a date.
Without --from it is now, without --to fourteen days later. A --file may also be an address (https:// or webcal://).`

const options = {
  file: { type: 'string', multiple: true },
  host: { type: 'string' },
  zone: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

type Told = {
  file: string
  busy: { start: string; end: string }[]
  skipped: { title: string; reason: string }[]
  refused: string | null
}

try {
  const { values } = parseArgs({ options })
  if (values.help || (values.host === undefined) === (values.file === undefined)) {
    console[values.help ? 'log' : 'error'](usage)
    process.exitCode = values.help ? 0 : 2
  } else {
    const { files, timeZone } = values.host
      ? await (await import('./slots/live-host.ts')).readLiveCalendars(values.host)
      : { files: values.file!, timeZone: values.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone }
    const from = values.from ? momentOf('--from', values.from, timeZone) : new Date()
    const to = values.to ? momentOf('--to', values.to, timeZone) : addDays(from, 14)
    const told: Told[] = []
    for (const file of files)
      told.push(await tell(file, { from: from.getTime(), to: to.getTime(), timeZone }))
    console.log(values.json ? JSON.stringify(told, null, 2) : told.map(inWords).join('\n\n'))
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function tell(file: string, window: Window): Promise<Told> {
  try {
    const bytes = /^(https|webcal):/i.test(file) ? await fetchCalendar(file) : readFileSync(file)
    const { busy, skipped } = await readCalendarApart(bytes, window)
    return { file, busy: overlapping(busy), skipped, refused: null }
  } catch (error) {
    if (error instanceof CalendarUnreadable) return { file, busy: [], skipped: [], refused: error.message }
    if (!(error instanceof Error && 'code' in error)) throw error
    const refused = `It cannot be opened (${error.message}).`
    return { file, busy: [], skipped: [], refused }
  }
}

/** In order; those that overlap are one, those that only touch stay two. */
function overlapping(spans: [number, number][]): Told['busy'] {
  const merged: [number, number][] = []
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = merged.at(-1)
    if (last && start < last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged.map(([start, end]) => ({
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
  }))
}

function inWords({ file, busy, skipped, refused }: Told): string {
  if (refused) return `${file}: refused. ${refused}`
  return [
    `${file}: ${busy.length === 0 ? 'nothing is busy.' : 'busy'}`,
    ...busy.map(({ start, end }) => `  ${start} to ${end}`),
    ...skipped.map(({ title, reason }) => `  skipped: ${title}: ${reason}`),
  ].join('\n')
}
