// Repeated entries against an obvious oracle, which looks at one day after the other.
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { busyTimesIn } from './busy-times.ts'

const window = { from: Date.parse('2027-01-01'), to: Date.parse('2027-12-31'), timeZone: 'Australia/Sydney' }
const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

type Case = {
  frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
  interval: number
  days: number[]
  monthDays: number[]
  limit: { count: number } | { untilDays: number } | undefined
  start: number
  leftOut: number[]
  zone: string
}

const cases: fc.Arbitrary<Case> = fc.record({
  frequency: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
  interval: fc.integer({ min: 1, max: 4 }),
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
  monthDays: fc.uniqueArray(fc.constantFrom(1, 5, 15, 28, 30, 31, -1, -3), { minLength: 1, maxLength: 3 }),
  limit: fc.oneof(
    fc.record({ count: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ untilDays: fc.integer({ min: 0, max: 900 }) }),
    fc.constant(undefined),
  ),
  start: fc.integer({ min: 0, max: 3_000 }),
  leftOut: fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 4 }),
  zone: fc.constantFrom('Australia/Sydney', 'America/New_York', 'Asia/Kolkata'),
})

function isDue(one: Case, first: Temporal.PlainDate, date: Temporal.PlainDate): boolean {
  const { frequency, interval, monthDays } = one
  const days = one.days.length > 0 ? one.days : [first.dayOfWeek]
  const monday = (day: Temporal.PlainDate) => day.subtract({ days: day.dayOfWeek - 1 })
  const months = (date.year - first.year) * 12 + date.month - first.month
  switch (frequency) {
    case 'DAILY':
      return first.until(date).days % interval === 0
    case 'WEEKLY':
      return days.includes(date.dayOfWeek) && (monday(first).until(monday(date)).days / 7) % interval === 0
    case 'MONTHLY':
      return (
        months % interval === 0 &&
        monthDays.some((day) => date.day === (day > 0 ? day : date.daysInMonth + day + 1))
      )
    case 'YEARLY':
      return date.month === first.month && date.day === first.day && (date.year - first.year) % interval === 0
  }
}

test('each repeated entry makes busy exactly the days that its rule means', () => {
  fc.assert(
    fc.property(cases, (one) => {
      let first = Temporal.PlainDate.from('2019-01-01').add({ days: one.start })
      // A rule of the months begins on one of its own days.
      for (; one.frequency !== 'YEARLY' && !isDue(one, first, first);) first = first.add({ days: 1 })
      const due: Temporal.PlainDate[] = []
      const last =
        one.limit && 'untilDays' in one.limit
          ? first.add({ days: one.limit.untilDays })
          : Temporal.PlainDate.from('2028-01-02')
      const most = one.limit && 'count' in one.limit ? one.limit.count : Infinity
      for (let date = first; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
        if (!isDue(one, first, date)) continue
        due.push(date)
        if (due.length >= most) break
      }
      const compact = (date: Temporal.PlainDate) => date.toString().replaceAll('-', '')
      const parts = [
        `FREQ=${one.frequency}`,
        `INTERVAL=${one.interval}`,
        ...(one.frequency === 'WEEKLY' && one.days.length > 0
          ? [`BYDAY=${one.days.map((day) => weekdays[day - 1]).join(',')}`]
          : []),
        ...(one.frequency === 'MONTHLY' ? [`BYMONTHDAY=${one.monthDays.join(',')}`] : []),
        ...(one.limit && 'count' in one.limit ? [`COUNT=${one.limit.count}`] : []),
        ...(one.limit && 'untilDays' in one.limit ? [`UNTIL=${compact(last)}`] : []),
      ]
      const leftOut = one.leftOut.map((index) => due[index]).filter((date) => date !== undefined)
      const text = [
        'BEGIN:VCALENDAR',
        'BEGIN:VEVENT',
        'UID:one',
        `DTSTART;TZID=${one.zone}:${compact(first)}T090000`,
        'DURATION:PT1H',
        `RRULE:${parts.join(';')}`,
        ...leftOut.map((date) => `EXDATE;TZID=${one.zone}:${compact(date)}T090000`),
        'END:VEVENT',
        'END:VCALENDAR',
      ].join('\r\n')
      const wanted = due
        .filter((date) => !leftOut.some((other) => other.equals(date)))
        .map((date) => date.toZonedDateTime({ timeZone: one.zone, plainTime: '09:00' }).epochMilliseconds)
        .filter((start) => start + 3_600_000 > window.from && start < window.to)
      const read = busyTimesIn(Buffer.from(text), window)
      expect({
        text,
        starts: read.busy.map(([start]) => start).sort((a, b) => a - b),
        skipped: read.skipped,
      }).toEqual({
        text,
        starts: wanted,
        skipped: [],
      })
    }),
    { numRuns: 300 },
  )
})
