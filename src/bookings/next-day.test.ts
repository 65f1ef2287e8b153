import { expect, test } from 'vitest'
import { nextDay } from './next-day.ts'

const two = ['2027-03-10', '2027-03-25']
const keys = ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'Home', 'End', 'PageDown', 'PageUp']

test.each([
  ['ArrowRight', two[0], { day: two[1] }],
  ['ArrowDown', two[0], { day: two[1] }],
  ['ArrowLeft', two[1], { day: two[0] }],
  ['ArrowUp', two[1], { day: two[0] }],
  ['End', two[0], { day: two[1] }],
  ['Home', two[1], { day: two[0] }],
  ['ArrowRight', two[1], { turn: 1, to: 'first' }],
  ['ArrowDown', two[1], { turn: 1, to: 'first' }],
  ['ArrowLeft', two[0], { turn: -1, to: 'last' }],
  ['ArrowUp', two[0], { turn: -1, to: 'last' }],
  ['PageDown', two[0], { turn: 1, to: 'first' }],
  ['PageUp', two[0], { turn: -1, to: 'first' }],
  ['Enter', two[0], undefined],
])('in a month with two free days %s on %s leads to %j', (key, from, step) => {
  expect(nextDay(key, from, two)).toEqual(step)
})

test('a week down is the next free day that is at least a week away, and else the last one', () => {
  const days = ['2027-03-01', '2027-03-03', '2027-03-08', '2027-03-09', '2027-03-12']
  expect(nextDay('ArrowDown', '2027-03-01', days)).toEqual({ day: '2027-03-08' })
  expect(nextDay('ArrowDown', '2027-03-08', days)).toEqual({ day: '2027-03-12' })
  expect(nextDay('ArrowUp', '2027-03-12', days)).toEqual({ day: '2027-03-03' })
  expect(nextDay('ArrowUp', '2027-03-03', days)).toEqual({ day: '2027-03-01' })
})

test('every key leads to a free day of the month or to another month, from any day, with any number of days', () => {
  for (const days of [[], [two[0]!], two])
    for (const from of [undefined, ...days, '2027-03-17'])
      for (const key of keys) {
        const step = nextDay(key, from, days)
        if (step && 'day' in step) expect(days).toContain(step.day)
        else if (days.length > 0) expect(step).toBeDefined()
      }
})
