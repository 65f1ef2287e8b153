// Measures how long the event loop is held while 200 calendars of 5,000 entries are read, and how long one
// takes.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { readCalendarApart } from '../server/integrations/icalendar/read-apart.ts'
import { type Line, milliseconds, percentile } from './line.ts'

const calendars = 200
const entries = 5_000

/** Ten years of entries, one in fifty of them a weekly series. */
function calendarOf(seed: number): Buffer {
  const two = (number: number) => String(number).padStart(2, '0')
  const events = Array.from({ length: entries }, (_, index) => {
    const at = index * 7 + seed
    const start = `${2018 + (at % 10)}${two(1 + (at % 12))}${two(1 + (at % 28))}T${two(at % 24)}3000`
    return [
      'BEGIN:VEVENT',
      `UID:${index}@bench.invalid`,
      `SUMMARY:Entry ${index}`,
      `DTSTART;TZID=AUS Eastern Standard Time:${start}`,
      'DURATION:PT45M',
      ...(index % 50 === 0 ? ['RRULE:FREQ=WEEKLY;COUNT=200'] : []),
      'END:VEVENT',
    ].join('\r\n')
  })
  return Buffer.from(['BEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR'].join('\r\n'))
}

export async function measureCalendars(): Promise<Line> {
  const window = {
    from: Date.parse('2027-03-01'),
    to: Date.parse('2028-03-06'),
    timeZone: 'Australia/Sydney',
  }
  const texts = Array.from({ length: 5 }, (_, seed) => calendarOf(seed))
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await sleep(1_000)
  const idleMs = delay.max / 1e6
  delay.reset()
  const took: number[] = []
  for (let index = 0; index < calendars; index++) {
    const startedAt = performance.now()
    await readCalendarApart(texts[index % texts.length]!, window)
    took.push(performance.now() - startedAt)
  }
  delay.disable()
  const [maxMs, p50] = [delay.max / 1e6, percentile(took, 0.5)]
  return {
    name: `${calendars} imported calendars of ${entries} entries`,
    measured: `the event loop was held ${milliseconds(maxMs)} at most; one calendar takes ${milliseconds(p50)}`,
    aim: 'held 50 ms at most',
    ratio: `${milliseconds(idleMs)} at most in a second with nothing to do`,
    values: { heldMs: maxMs, idleMs, oneMs: p50 },
  }
}
