// Measures the free times of a host over 30 days with 500 busy times: the
// engine alone, without database or network.
import { freeStarts, type BusyTime, type CalendarRules } from '../server/journey/times/availability.ts'
import { addDays, dayMs, minuteMs } from '../server/lib/time.ts'
import { type Line, milliseconds, percentile } from './line.ts'

const rounds = 200

const rules: CalendarRules = {
  timeZone: 'Australia/Sydney',
  weekly: [{ days: [0, 1, 2, 3, 4, 5, 6], start: '07:00', end: '22:00' }],
  dateOverrides: [],
  eventMinutes: 10,
  intervalMinutes: null,
  minimumNoticeMinutes: 60,
  bufferBeforeMinutes: 5,
  bufferAfterMinutes: 5,
  horizonDays: 60,
}

export function measureSlots(): Line {
  // Daylight saving time ends in April.
  const now = new Date('2027-03-20T00:00:00Z')
  const to = addDays(now, 30)
  const busy = Array.from({ length: 500 }, (_, index): BusyTime => {
    const start = new Date(now.getTime() + Math.floor((index * 30 * dayMs) / 500))
    return {
      kind: index % 2 === 0 ? 'booking' : 'external',
      start,
      end: new Date(start.getTime() + (10 + (index % 5) * 10) * minuteMs),
    }
  })
  const query = { from: now, to, now, viewerTimeZone: 'Europe/Berlin', busy, reservations: [] }
  const took: number[] = []
  let found = 0
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now()
    found = freeStarts(rules, query).length
    took.push(performance.now() - startedAt)
  }
  const [first, p50, p99] = [took[0]!, percentile(took, 0.5), percentile(took, 0.99)]
  return {
    name: '30 days of free times, 500 busy times',
    measured: `p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}, the very first ${milliseconds(first)} (${found} times)`,
    aim: 'p50 under 1 ms',
    values: { p50Ms: p50, p99Ms: p99, firstMs: first, found },
  }
}
