import { expect, test } from 'vitest'
import { byDay, byPart, cellOf, keyOf, monthWindow } from './free-times.ts'

const sydney = 'Australia/Sydney'
const november = new Date(2026, 10, 1)

test('a time belongs to the day of the zone in which it is shown', () => {
  const days = byDay(
    ['2026-11-22T13:15:00Z', '2026-11-22T12:45:00Z'],
    sydney,
    new Date('2027-01-01T00:00:00Z'),
    november,
  )
  expect([...days]).toEqual([
    ['2026-11-22', ['2026-11-22T12:45:00Z']],
    ['2026-11-23', ['2026-11-22T13:15:00Z']],
  ])
})

test('a start at or after the end of the validity is not offered', () => {
  const until = new Date('2026-11-29T02:00:00Z')
  expect([
    ...byDay(['2026-11-29T01:59:00Z', '2026-11-29T02:00:00Z'], 'UTC', until, november).values(),
  ]).toEqual([['2026-11-29T01:59:00Z']])
})

test('only days of the shown month are offered, in the zone shown', () => {
  const starts = [
    '2026-11-30T15:59:00Z',
    '2026-11-30T16:00:00Z',
    '2026-12-31T15:59:00Z',
    '2026-12-31T16:00:00Z',
  ]
  const december = byDay(starts, 'Australia/Perth', new Date('2027-02-01T00:00:00Z'), new Date(2026, 11, 1))
  expect([...december.keys()]).toEqual(['2026-12-01', '2026-12-31'])
})

test('the parts of a day are in order', () => {
  const starts = [
    '2026-11-22T01:00:00Z',
    '2026-11-22T06:00:00Z',
    '2026-11-22T12:00:00Z',
    '2026-11-22T18:00:00Z',
  ]
  expect([...byPart(starts, 'UTC').keys()]).toEqual(['Night', 'Morning', 'Afternoon', 'Evening'])
})

test('a calendar cell and its key are the same day, whatever the zone of the browser', () => {
  expect(keyOf(cellOf('2026-03-29'))).toBe('2026-03-29')
  expect(keyOf(cellOf('2026-10-04'))).toBe('2026-10-04')
})

test('the request of a month runs from now to the end of the validity, and covers its days in every zone', () => {
  const now = new Date('2026-11-22T12:00:00Z')
  const short = monthWindow(november, now, new Date('2026-11-29T12:00:00Z'))
  expect(short).toEqual({ from: now, to: new Date('2026-11-29T12:00:00Z') })
  const long = monthWindow(november, now, new Date('2027-02-01T00:00:00Z'))
  expect(long?.to.toISOString()).toBe('2026-12-01T14:00:00.000Z')
  expect(monthWindow(new Date(2026, 9, 1), now, new Date('2027-02-01T00:00:00Z'))).toBeNull()
})
