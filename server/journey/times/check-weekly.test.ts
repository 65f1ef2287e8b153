import { describe, expect, it } from 'vitest'
import { checkWeekly } from './check-weekly.ts'

const fine = { timeZone: 'Australia/Sydney', weekly: [{ days: [1, 2], start: '08:00', end: '12:30' }] }
const hours = (start: string, end: string, days = [1]) =>
  checkWeekly({ ...fine, weekly: [{ days, start, end }] })
const override = (date: string, start = '09:00', end = '10:00') =>
  checkWeekly({ ...fine, dateOverrides: [{ date, windows: [{ start, end }] }] })

describe('hours that can be used', () => {
  it.each([
    ['00:00', '24:00'],
    ['08:00', '12:30'],
    ['22:00', '02:00'],
    ['23:59', '00:00'],
    ['00:00', '00:01'],
  ])('%s to %s', (start, end) => expect(hours(start, end)).toEqual([]))

  it('a host who is never open, and a closed or longer date, the leap day too', () => {
    expect(checkWeekly({ timeZone: 'UTC', weekly: [] })).toEqual([])
    expect(checkWeekly({ ...fine, dateOverrides: [{ date: '2028-02-29', windows: [] }] })).toEqual([])
    expect(override('2027-12-24')).toEqual([])
  })
})

describe('a problem is said in a sentence the host understands', () => {
  it.each(['8:00', '08:60', '25:00', '24:01', '08:00:00', '', 'noon', '-1:00', ' 08:00'])(
    '%j is not a time',
    (time) => {
      expect(hours(time, '12:00')).toEqual([
        `"${time}" is not a time of day (Monday). Write hours and minutes, such as 08:30.`,
      ])
      expect(override('2027-01-01', '08:00', time)).toEqual([
        `"${time}" is not a time of day (2027-01-01). Write hours and minutes, such as 08:30.`,
      ])
    },
  )

  it('hours that are empty', () => {
    expect(hours('09:00', '09:00', [0, 6])).toEqual([
      'The hours from 09:00 to 09:00 are empty (Sunday, Saturday). For the whole day, write 00:00 to 24:00.',
    ])
  })

  it('hours that begin at the end of the day', () => {
    expect(hours('24:00', '02:00')).toEqual([
      'Hours cannot start at 24:00 (Monday). Start them at 00:00 on the day after.',
    ])
  })

  it('hours without a day, or on a day that no week has', () => {
    expect(hours('09:00', '10:00', [])).toEqual([
      'Choose at least one day for the hours from 09:00 to 10:00.',
    ])
    expect(hours('09:00', '10:00', [7])).toEqual([
      'Day 7 is not a day of the week; 0 is Sunday and 6 is Saturday.',
    ])
    expect(hours('09:00', '10:00', [1.5])).toEqual([
      'Day 1.5 is not a day of the week; 0 is Sunday and 6 is Saturday.',
    ])
  })

  it.each(['Mars/Olympus', '', '+10:00', 'Sydney', '-05:00'])('the time zone %j', (timeZone) => {
    expect(checkWeekly({ ...fine, timeZone })).toEqual([
      `We don't know the time zone "${timeZone}". Choose one from the list, such as Australia/Sydney.`,
    ])
  })

  it.each(['2027-02-29', '2027-13-01', '27-01-01', '2027-1-1', 'tomorrow', ''])('the date %j', (date) => {
    expect(override(date)).toEqual([
      `"${date}" is not a date. Write it as year, month and day, such as 2027-02-28.`,
    ])
  })

  it('a date that is listed twice', () => {
    const twice = { date: '2027-01-01', windows: [] }
    expect(checkWeekly({ ...fine, dateOverrides: [twice, twice] })).toEqual([
      '2027-01-01 is listed twice. Put all of its hours in one place.',
    ])
  })

  it('all of them at once, in the order of the input', () => {
    const problems = checkWeekly({
      timeZone: 'x',
      weekly: [{ days: [9], start: 'a', end: 'b' }],
      dateOverrides: [{ date: 'c', windows: [] }],
    })
    expect(problems).toHaveLength(5)
  })
})
