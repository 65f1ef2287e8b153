import { describe, expect, it } from 'vitest'
import {
  freeStarts,
  isFree,
  type BusyTime,
  type CalendarRules,
  type Reservation,
  type SlotQuery,
} from './availability.ts'

const at = (text: string) => new Date(`${text}:00Z`)
const hours = (start: string, end: string, days = [0, 1, 2, 3, 4, 5, 6]) => ({ days, start, end })

const plain: CalendarRules = {
  timeZone: 'UTC',
  weekly: [hours('09:00', '10:00')],
  dateOverrides: [],
  eventMinutes: 20,
  intervalMinutes: null,
  minimumNoticeMinutes: 0,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
}
// 1 March 2027 is a Monday.
const monday: SlotQuery = {
  from: at('2027-03-01T00:00'),
  to: at('2027-03-02T00:00'),
  now: at('2027-02-01T00:00'),
  busy: [],
  reservations: [],
}
const between = (from: string, to: string) => ({ from: at(from), to: at(to) })
const external = (start: string, end: string): BusyTime => ({
  kind: 'external',
  start: at(`2027-03-01T${start}`),
  end: at(`2027-03-01T${end}`),
})
const booking = (start: string, end: string): BusyTime => ({ ...external(start, end), kind: 'booking' })

function starts(rules: Partial<CalendarRules>, query: Partial<SlotQuery> = {}): string {
  return times(freeStarts({ ...plain, ...rules }, { ...monday, ...query }))
}
function times(found: Date[]): string {
  return found.map((start) => start.toISOString().slice(11, 16)).join(' ')
}
function withDates(rules: Partial<CalendarRules>, query: Partial<SlotQuery>): string {
  const found = freeStarts({ ...plain, ...rules }, { ...monday, ...query })
  return found.map((start) => start.toISOString().slice(5, 16).replace('T', ' ')).join(', ')
}

describe('weekly hours', () => {
  it('offer every start whose session ends inside them', () => {
    expect(starts({})).toBe('09:00 09:20 09:40')
    expect(starts({ weekly: [hours('09:00', '09:59')] })).toBe('09:00 09:20')
    expect(starts({ weekly: [hours('09:00', '09:19')] })).toBe('')
  })

  it('count on their days only, 0 being Sunday', () => {
    const week = between('2027-02-28T00:00', '2027-03-07T00:00')
    expect(withDates({ weekly: [hours('09:00', '09:20', [0, 3])] }, week)).toBe('02-28 09:00, 03-03 09:00')
  })

  it('that touch or overlap are one window; others are two', () => {
    expect(starts({ weekly: [hours('09:00', '09:30'), hours('09:30', '10:00')], eventMinutes: 60 })).toBe(
      '09:00',
    )
    expect(starts({ weekly: [hours('09:00', '09:40'), hours('09:15', '10:00')], eventMinutes: 60 })).toBe(
      '09:00',
    )
    expect(starts({ weekly: [hours('09:00', '09:30'), hours('09:31', '10:00')], eventMinutes: 60 })).toBe('')
  })

  it('end at midnight, by 24:00 or by the 23:59 of Cal.com, and go on into the next day', () => {
    const night = between('2027-03-01T20:00', '2027-03-02T04:00')
    const late = { eventMinutes: 30, intervalMinutes: 30 }
    expect(starts({ ...late, weekly: [hours('23:00', '24:00')] }, night)).toBe('23:00 23:30')
    expect(starts({ ...late, weekly: [hours('23:00', '23:59')] }, night)).toBe('23:00 23:30')
    expect(starts({ ...late, weekly: [hours('23:00', '23:58')] }, night)).toBe('23:00')
    expect(
      starts({ eventMinutes: 120, weekly: [hours('23:00', '24:00'), hours('00:00', '01:00')] }, night),
    ).toBe('23:00')
  })

  it('cross midnight when the end is before the start', () => {
    const crossing = { weekly: [hours('23:00', '00:40', [1])] }
    expect(withDates(crossing, between('2027-03-01T00:00', '2027-03-03T00:00'))).toBe(
      '03-01 23:00, 03-01 23:20, 03-01 23:40, 03-02 00:00, 03-02 00:20',
    )
    expect(withDates(crossing, between('2027-03-02T00:00', '2027-03-03T00:00'))).toBe(
      '03-02 00:00, 03-02 00:20',
    )
  })
})

describe('a date override', () => {
  const over = (date: string, ...windows: [string, string][]) => ({
    date,
    windows: windows.map(([start, end]) => ({ start, end })),
  })

  it('replaces the weekly hours of its date, and of no other', () => {
    const rules = { dateOverrides: [over('2027-03-01', ['12:00', '12:20'], ['15:00', '15:40'])] }
    expect(starts(rules)).toBe('12:00 15:00 15:20')
    expect(starts(rules, between('2027-03-02T00:00', '2027-03-03T00:00'))).toBe('09:00 09:20 09:40')
  })

  it('without windows closes the day, also when written from 00:00 to 00:00', () => {
    expect(starts({ dateOverrides: [over('2027-03-01')] })).toBe('')
    expect(starts({ dateOverrides: [over('2027-03-01', ['00:00', '00:00'])] })).toBe('')
  })

  it('opens a day that has no weekly hours, such as a leap day', () => {
    const rules = { weekly: [], dateOverrides: [over('2028-02-29', ['10:00', '10:40'])] }
    expect(withDates(rules, between('2028-02-28T00:00', '2028-03-02T00:00'))).toBe('02-29 10:00, 02-29 10:20')
  })

  it('is a date on the calendar of the host', () => {
    const rules = { timeZone: 'Pacific/Kiritimati', dateOverrides: [over('2027-03-02')] } // 14 hours ahead
    expect(withDates(rules, between('2027-02-28T00:00', '2027-03-04T00:00'))).toBe(
      '02-28 19:00, 02-28 19:20, 02-28 19:40, 03-02 19:00, 03-02 19:20, 03-02 19:40, 03-03 19:00, 03-03 19:20, 03-03 19:40',
    )
  })

  it('on a closed day ends the night before at midnight; on a longer day it leaves that night alone', () => {
    const night = { weekly: [hours('23:20', '00:40')] }
    const query = between('2027-03-01T12:00', '2027-03-02T12:00')
    expect(starts({ ...night, dateOverrides: [over('2027-03-02')] }, query)).toBe('23:20 23:40')
    expect(starts({ ...night, dateOverrides: [over('2027-03-02', ['08:00', '08:20'])] }, query)).toBe(
      '23:20 23:40 00:00 00:20 08:00',
    )
    expect(starts({ ...night, dateOverrides: [over('2027-03-01')] }, query)).toBe('')
  })
})

describe('the grid', () => {
  it.each([
    [60, '09:05', '11:00', '10:00'],
    [30, '09:05', '10:30', '09:30 10:00'],
    [90, '09:05', '12:30', '09:30 11:00'], // 90 is a multiple of 30
    [45, '09:05', '11:00', '09:15 10:00'], // and 45 of 15
    [40, '09:05', '10:40', '09:20 10:00'],
    [20, '09:05', '10:00', '09:20 09:40'],
    [15, '09:05', '10:00', '09:15 09:30 09:45'],
    [10, '09:05', '09:40', '09:10 09:20 09:30'],
    [25, '09:01', '10:00', '09:05 09:30'],
    [7, '09:01', '09:23', '09:01 09:08 09:15'],
  ])('of a step of %i minutes, in hours from %s to %s, is %s', (step, start, end, expected) => {
    expect(starts({ eventMinutes: step, weekly: [hours(start, end)] })).toBe(expected)
  })

  it('steps by the interval, not by the length, where there is one', () => {
    expect(starts({ intervalMinutes: 10 })).toBe('09:00 09:10 09:20 09:30 09:40')
    expect(starts({ intervalMinutes: 30 })).toBe('09:00 09:30')
  })

  it('begins anew after what is busy, but never sooner than a step after the last start', () => {
    expect(
      starts({ eventMinutes: 25, weekly: [hours('09:00', '10:30')] }, { busy: [external('09:26', '09:27')] }),
    ).toBe('09:00 09:30 09:55')
    expect(
      starts(
        { eventMinutes: 10, intervalMinutes: 45, weekly: [hours('09:00', '11:00')] },
        { busy: [external('09:10', '09:11')] },
      ),
    ).toBe('09:00 09:45 10:30')
  })

  it('is on the clock of the viewer, half past here where it is the hour there', () => {
    const rules = { eventMinutes: 60, weekly: [hours('09:00', '12:00')] }
    expect(starts(rules)).toBe('09:00 10:00 11:00')
    expect(starts(rules, { viewerTimeZone: 'Asia/Kolkata' })).toBe('09:30 10:30')
    expect(starts(rules, { viewerTimeZone: 'Asia/Kathmandu' })).toBe('09:15 10:15')
    expect(starts({ ...rules, timeZone: 'Asia/Kolkata' })).toBe('03:30 04:30 05:30')
    expect(starts({ ...rules, timeZone: 'Asia/Kolkata' }, { viewerTimeZone: 'Europe/London' })).toBe(
      '04:00 05:00',
    )
  })
})

describe('notice, horizon and the range asked for', () => {
  it.each([
    ['2027-03-01T09:00:00.000', 0, '09:00 09:20 09:40'],
    ['2027-03-01T09:00:59.999', 0, '09:00 09:20 09:40'], // seconds dropped
    ['2027-03-01T09:01:00.000', 0, '09:20 09:40'],
    ['2027-03-01T08:20:30.000', 60, '09:20 09:40'],
    ['2027-03-01T08:21:00.000', 60, '09:40'],
    ['2027-02-27T09:40:00.000', 2880, '09:40'],
    ['2027-03-01T09:41:00.000', 0, ''],
  ])('at %s with %i minutes of notice: %s', (now, minimumNoticeMinutes, expected) => {
    expect(starts({ minimumNoticeMinutes }, { now: new Date(`${now}Z`) })).toBe(expected)
  })

  it('the horizon ends with a day on the calendar of the viewer', () => {
    const query = { ...between('2027-03-01T00:00', '2027-03-06T00:00'), now: at('2027-03-01T23:30') }
    const rules = { weekly: [hours('09:00', '09:20'), hours('23:40', '24:00')] }
    expect(withDates({ ...rules, horizonDays: 1 }, query)).toBe('03-01 23:40, 03-02 09:00, 03-02 23:40')
    expect(withDates({ ...rules, horizonDays: 0 }, query)).toBe('03-01 23:40')
    expect(withDates({ ...rules, horizonDays: 0 }, { ...query, viewerTimeZone: 'Australia/Sydney' })).toBe(
      '03-01 23:40, 03-02 09:00',
    )
    expect(withDates({ ...rules, horizonDays: null }, query)).toContain('03-05 23:40')
  })

  it('a session lies whole inside the range, which is half open', () => {
    expect(starts({}, between('2027-03-01T09:20', '2027-03-01T10:00'))).toBe('09:20 09:40')
    expect(starts({}, between('2027-03-01T09:00', '2027-03-01T09:59'))).toBe('09:00 09:20')
    expect(starts({}, between('2027-03-01T09:00', '2027-03-01T09:00'))).toBe('')
    expect(starts({}, between('2027-03-02T00:00', '2027-03-01T00:00'))).toBe('')
  })
})

describe('what is busy', () => {
  it('takes away what it overlaps by a minute, and nothing that it touches', () => {
    expect(starts({}, { busy: [external('09:20', '09:40')] })).toBe('09:00 09:40')
    expect(starts({}, { busy: [external('09:19', '09:21')] })).toBe('09:40')
    expect(starts({}, { busy: [external('08:00', '09:00'), external('10:00', '11:00')] })).toBe(
      '09:00 09:20 09:40',
    )
    expect(starts({}, { busy: [external('07:00', '12:00'), external('09:10', '09:20')] })).toBe('')
  })

  it('never lets a session begin seconds before it ends', () => {
    const block: BusyTime = {
      kind: 'external',
      start: at('2027-03-01T09:00'),
      end: new Date('2027-03-01T09:20:00.500Z'),
    }
    expect(starts({}, { busy: [block] })).toBe('09:40')
  })

  const dense = { eventMinutes: 10, weekly: [hours('09:00', '11:00')] }
  it('is widened on both sides by the buffers of the new session', () => {
    const busy = [external('10:00', '10:10')]
    expect(starts({ ...dense, bufferBeforeMinutes: 20 }, { busy })).toBe(
      '09:00 09:10 09:20 09:30 09:40 09:50 10:30 10:40 10:50',
    )
    expect(starts({ ...dense, bufferAfterMinutes: 20 }, { busy })).toBe(
      '09:00 09:10 09:20 09:30 10:10 10:20 10:30 10:40 10:50',
    )
  })

  it('is widened by its own buffers as well where it is a booking of ours', () => {
    const busy = [booking('10:00', '10:10')]
    expect(starts({ ...dense, bufferBeforeMinutes: 20 }, { busy })).toBe(
      '09:00 09:10 09:20 09:30 10:30 10:40 10:50',
    )
    expect(starts({ ...dense, bufferBeforeMinutes: 10, bufferAfterMinutes: 10 }, { busy })).toBe(
      '09:00 09:10 09:20 09:30 10:30 10:40 10:50',
    )
    expect(starts(dense, { busy: [{ ...busy[0]!, bufferBeforeMinutes: 30, bufferAfterMinutes: 10 }] })).toBe(
      '09:00 09:10 09:20 10:20 10:30 10:40 10:50',
    )
  })

  it('fills a day that has its maximum of bookings, by their start on the calendar of the host', () => {
    const two = between('2027-03-01T00:00', '2027-03-03T00:00')
    const busy = [booking('03:00', '03:10'), booking('23:55', '00:05')].map((time, index) =>
      index ? { ...time, end: at('2027-03-02T00:05') } : time,
    )
    expect(withDates({ maximumPerDay: 2 }, { ...two, busy })).toBe('03-02 09:00, 03-02 09:20, 03-02 09:40')
    expect(withDates({ maximumPerDay: 3 }, { ...two, busy })).toContain('03-01 09:00')
    expect(
      withDates({ maximumPerDay: 2 }, { ...two, busy: busy.map((time) => ({ ...time, kind: 'external' })) }),
    ).toContain('03-01 09:00')
    // In Tokyo 03:00 and 23:55 UTC are 1 and 2 March.
    expect(withDates({ maximumPerDay: 1, timeZone: 'Asia/Tokyo' }, { ...two, busy })).toBe('')
    expect(withDates({ maximumPerDay: 2, timeZone: 'Asia/Tokyo' }, { ...two, busy })).not.toBe('')
  })
})

describe('reservations', () => {
  const reservation = (
    owner: Reservation['owner'],
    start: string,
    end: string,
    releaseAt = '2027-03-01T00:00',
  ): Reservation => ({
    owner,
    start: at(`2027-03-01T${start}`),
    end: at(`2027-03-01T${end}`),
    releaseAt: at(releaseAt),
  })

  it('of others take away the starts they overlap, and not those they touch', () => {
    expect(starts({}, { reservations: [reservation('other', '09:20', '09:40')] })).toBe('09:00 09:40')
    expect(
      starts(
        {},
        { reservations: [reservation('other', '09:30', '09:31'), reservation('other', '09:30', '09:41')] },
      ),
    ).toBe('09:00')
  })

  it('of oneself and those released do not count; the moment of release is already free', () => {
    expect(starts({}, { reservations: [reservation('self', '09:20', '09:40')] })).toBe('09:00 09:20 09:40')
    expect(starts({}, { reservations: [reservation('other', '09:20', '09:40', '2027-02-01T00:00')] })).toBe(
      '09:00 09:20 09:40',
    )
    expect(starts({}, { reservations: [reservation('other', '09:20', '09:40', '2027-02-01T00:01')] })).toBe(
      '09:00 09:40',
    )
  })

  it('leave the grid where it is and know no buffers', () => {
    const rules = {
      eventMinutes: 25,
      weekly: [hours('09:00', '10:15')],
      bufferBeforeMinutes: 20,
      bufferAfterMinutes: 20,
    }
    expect(starts(rules, { reservations: [reservation('other', '09:10', '09:20')] })).toBe('09:25 09:50')
  })
})

describe('isFree', () => {
  const asked = { now: monday.now, busy: [external('09:20', '09:40')], reservations: [] }
  it.each([
    ['2027-03-01T09:00', true],
    ['2027-03-01T09:40', true],
    ['2027-03-01T09:20', false], // busy
    ['2027-03-01T09:05', false], // off the grid
    ['2027-03-01T08:40', false], // before the hours
    ['2027-03-01T09:50', false], // would end after them
    ['2027-02-01T09:00', true],
    ['2027-01-31T09:00', false], // past
  ])('%s: %s', (start, free) => expect(isFree(plain, asked, at(start))).toBe(free))
})
