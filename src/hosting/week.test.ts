import { expect, test } from 'vitest'
import { crossesMidnight, dayProblem, fromWeek, nextWindow, toWeek } from './week.ts'

const weekly = [
  { days: [1, 2, 3], start: '09:00', end: '12:00' },
  { days: [1], start: '18:00', end: '24:00' },
  { days: [0], start: '00:00', end: '24:00' },
]

test('splitting hours by day and grouping them again gives the same hours', () => {
  const sorted = (hours: typeof weekly) =>
    hours.flatMap(({ days, ...rest }) => days.map((day) => JSON.stringify({ day, ...rest }))).sort()
  expect(sorted(fromWeek(toWeek(weekly)))).toEqual(sorted(weekly))
})

test('empty and overlapping hours are reported, and hours over midnight are allowed', () => {
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

test('hours that cross midnight are recognised', () => {
  expect(crossesMidnight({ start: '22:00', end: '02:00' })).toBe(true)
  expect(crossesMidnight({ start: '22:00', end: '24:00' })).toBe(false)
})

test('an added window begins after the last one, and is always valid', () => {
  expect(nextWindow([])).toEqual({ start: '09:00', end: '12:00' })
  for (const end of ['12:00', '21:30', '23:00', '24:00']) {
    const next = nextWindow([{ start: '08:00', end }])
    expect(dayProblem([next])).toBeUndefined()
  }
})
