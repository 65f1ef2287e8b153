// What a host's other calendars make busy in the next two weeks, over the hours in which they can be booked.
import { useQuery } from '@tanstack/react-query'
import type { ImportedCalendar } from '../../server/journey/times/imported-calendars-view.ts'
import { calendarsQuery, hoursQuery } from '../api/queries.ts'
import { Card } from '../ui/Card.tsx'
import { minuteMs, now, useNow } from '../words/clock.ts'
import { day, dayKey, timeOfDay, zoneLabel } from '../words/format.ts'
import { calendarName } from './calendar-name.ts'
import { type Busy, type ShownDay, type Span, twoWeeks } from './two-weeks.ts'

const minutesADay = 1440
const shownEntries = 3
const scale = [0, 6, 12, 18, 24]

export function TwoWeeks() {
  const hours = useQuery(hoursQuery)
  const calendars = useQuery(calendarsQuery)
  const moment = useNow(5 * minuteMs)
  if (!hours.data || !calendars.data || calendars.data.length === 0) return null
  const zone = hours.data.timeZone
  return (
    <section aria-label="Your next two weeks" className="mt-9">
      <h2 className="mb-3 text-lg">Your next two weeks</h2>
      <Card className="p-5 sm:p-6">
        <Legend calendars={calendars.data} zone={zone} />
        <div aria-hidden="true" className="mt-4 grid gap-x-4 sm:grid-cols-[8.5rem_1fr]">
          <span className="hidden sm:block" />
          <p className="tabular flex justify-between text-[0.8125rem] text-ink-faint">
            {scale.map((hour) => (
              <span key={hour} className="w-0 text-center whitespace-nowrap first:text-left last:text-right">
                <span className="-translate-x-1/2 inline-block">{hour}</span>
              </span>
            ))}
          </p>
        </div>
        <ul className="mt-2 grid gap-3 sm:gap-2.5">
          {twoWeeks(hours.data, calendars.data, zone, moment).map((shown) => (
            <DayRow key={shown.key} shown={shown} zone={zone} />
          ))}
        </ul>
      </Card>
    </section>
  )
}

function Legend({ calendars, zone }: { calendars: ImportedCalendar[]; zone: string }) {
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1.5 text-[0.9375rem] text-ink-soft">
      <li className="flex items-center gap-2">
        <span aria-hidden="true" className="size-3.5 rounded-sm border border-line bg-accent-soft" /> Your
        hours, {zoneLabel(zone, now())}
      </li>
      {calendars.map((calendar) => (
        <li key={calendar.id} className="flex min-w-0 items-center gap-2">
          <Dot color={calendar.color} /> <span className="truncate">{calendarName(calendar)}</span>
        </li>
      ))}
    </ul>
  )
}

export function Dot({ color }: { color: ImportedCalendar['color'] }) {
  return (
    <span
      aria-hidden="true"
      className="size-3.5 shrink-0 rounded-full"
      style={{ background: `var(--calendar-${color})` }}
    />
  )
}

function DayRow({ shown: { key, open, busy }, zone }: { shown: ShownDay; zone: string }) {
  // Noon of the day in UTC is on the same date in UTC, whatever the zone shown.
  const label = day(`${key}T12:00:00Z`, 'UTC', new Date(`${dayKey(now(), zone)}T12:00:00Z`))
  return (
    <li className="grid gap-x-4 gap-y-1 sm:grid-cols-[8.5rem_1fr]">
      <span className="text-[0.9375rem] font-medium">{label}</span>
      <div className="min-w-0">
        <div aria-hidden="true" className="relative h-5 overflow-hidden rounded-md bg-sunken">
          {open.map((span) => (
            <span key={span.from} className="absolute inset-y-0 bg-accent-soft" style={place(span)} />
          ))}
          {busy.map((entry) => (
            <span
              key={`${entry.calendar.id} ${entry.start}`}
              className="absolute inset-y-0.5 min-w-1 rounded-sm"
              style={{ ...place(entry), background: `var(--calendar-${entry.calendar.color})` }}
            />
          ))}
        </div>
        <p className="mt-0.5 text-[0.875rem] text-ink-faint">{wordsOf(open, busy, zone)}</p>
      </div>
    </li>
  )
}

const place = ({ from, to }: Span) => ({
  left: `${(from / minutesADay) * 100}%`,
  width: `${((to - from) / minutesADay) * 100}%`,
})

function wordsOf(open: Span[], busy: Busy[], zone: string): string {
  const closed = open.length === 0 ? ['Closed'] : []
  const entries = busy.slice(0, shownEntries).map((entry) => {
    const name = calendarName(entry.calendar)
    if (entry.from === 0 && entry.to === minutesADay) return `All day (${name})`
    const start = entry.from === 0 ? 'Midnight' : timeOfDay(entry.start, zone)
    const end = entry.to === minutesADay ? 'midnight' : timeOfDay(entry.end, zone)
    return `${start} to ${end} (${name})`
  })
  const more = busy.length > shownEntries ? [`${busy.length - shownEntries} more`] : []
  return [...closed, ...entries, ...more].join(', ')
}
