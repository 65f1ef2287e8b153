import { expect, test } from 'vitest'
import { crossesMidnight, dayProblem, fromWeek, nextWindow, toWeek } from './week.ts'

const weekly = [
  { days: [1, 2, 3], start: '09:00', end: '12:00' },
  { days: [1], start: '18:00', end: '24:00' },
  { days: [0], start: '00:00', end: '24:00' },
]

test('hours taken apart by day and put together again are the same hours', () => {
  const sorted = (hours: typeof weekly) =>
    hours.flatMap(({ days, ...rest }) => days.map((day) => JSON.stringify({ day, ...rest }))).sort()
  expect(sorted(fromWeek(toWeek(weekly)))).toEqual(sorted(weekly))
})

test('empty and overlapping hours are said; hours over midnight are fine', () => {
  expect(dayProblem([])).toBeUndefined()
  expect(dayProblem([{ start: '09:00', end: '09:00' }])).toMatch(/empty/)
  expect(
    dayProblem([
      { start: '13:00', end: '15:00' },
      { start: '09:00', end: '13:30' },
    ]),
  ).toMatch(/overlap/)
  expect(
    dayProblem([
      { start: '09:00', end: '13:00' },
      { start: '13:00', end: '15:00' },
    ]),
  ).toBeUndefined()
  expect(dayProblem([{ start: '22:00', end: '02:00' }])).toBeUndefined()
  expect(
    dayProblem([
      { start: '20:00', end: '02:00' },
      { start: '23:00', end: '24:00' },
    ]),
  ).toMatch(/overlap/)
})

test('hours past midnight are marked as such', () => {
  expect(crossesMidnight({ start: '22:00', end: '02:00' })).toBe(true)
  expect(crossesMidnight({ start: '22:00', end: '24:00' })).toBe(false)
})

test('more hours on a day begin after the last ones and are never wrong themselves', () => {
  expect(nextWindow([])).toEqual({ start: '09:00', end: '12:00' })
  for (const end of ['12:00', '21:30', '23:00', '24:00']) {
    const next = nextWindow([{ start: '08:00', end }])
    expect(dayProblem([next])).toBeUndefined()
  }
})
