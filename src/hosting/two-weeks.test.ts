import { expect, test } from 'vitest'
import type { ImportedCalendar } from '../../server/journey/times/imported-calendars-view.ts'
import { twoWeeks } from './two-weeks.ts'

const sydney = 'Australia/Sydney'
/** Monday 30 March 2026; daylight saving ends there on Sunday 5 April. */
const now = new Date('2026-03-29T22:00:00Z')
const hours = {
  weekly: [
    { days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' },
    { days: [6], start: '22:00', end: '02:00' },
  ],
  dateOverrides: [
    { date: '2026-04-01', windows: [] },
    { date: '2026-04-12', windows: [{ start: '10:00', end: '11:30' }] },
  ],
}
const calendar = (...soon: [string, string][]) =>
  ({ id: 'c', soon: soon.map(([start, end]) => ({ start, end })) }) as unknown as ImportedCalendar
const spans = (list: { from: number; to: number }[]) => list.map(({ from, to }) => [from / 60, to / 60])

test('fourteen days are shown from today on, in the zone of the host', () => {
  const days = twoWeeks(hours, [], sydney, now)
  expect(days.map(({ key }) => key)).toEqual(
    Array.from({ length: 14 }, (_, index) =>
      new Date(Date.UTC(2026, 2, 30 + index)).toISOString().slice(0, 10),
    ),
  )
})

test('a day is open by its weekday, unless its date says otherwise; a night goes on into the next day', () => {
  const open = Object.fromEntries(twoWeeks(hours, [], sydney, now).map((day) => [day.key, spans(day.open)]))
  expect(open['2026-03-30']).toEqual([[9, 17]])
  expect(open['2026-04-01']).toEqual([])
  expect(open['2026-04-04']).toEqual([[22, 24]])
  expect(open['2026-04-05']).toEqual([[0, 2]])
  expect(open['2026-04-12']).toEqual([
    [0, 2],
    [10, 11.5],
  ])
})

test('an entry stands on the wall clock of its day, before and after the clocks change', () => {
  const [, ...days] = twoWeeks(
    hours,
    [
      calendar(
        ['2026-03-31T00:30:00Z', '2026-03-31T01:15:00Z'],
        ['2026-04-07T00:30:00Z', '2026-04-07T01:15:00Z'],
      ),
    ],
    sydney,
    now,
  )
  expect(spans(days[0]!.busy)).toEqual([[11.5, 12.25]])
  expect(spans(days[7]!.busy)).toEqual([[10.5, 11.25]])
})

test('an entry over midnight is shown on each of its days, and one that ends at midnight only on its own', () => {
  const days = twoWeeks(
    hours,
    [
      calendar(
        ['2026-03-28T00:00:00Z', '2026-03-31T02:00:00Z'],
        ['2026-04-01T11:00:00Z', '2026-04-01T13:00:00Z'],
      ),
    ],
    sydney,
    now,
  )
  expect(days.slice(0, 4).map(({ busy }) => spans(busy))).toEqual([[[0, 24]], [[0, 13]], [[22, 24]], []])
})
