// Worked out by hand from the rules, case by case, in the form that `npm run slots -- --file` takes.
import { expect, it } from 'vitest'
import { freeStarts } from '../../server/journey/times/availability.ts'
import { toCases } from './cases.ts'
import { explain } from './explain.ts'

// Monday 1 March 2027 in Berlin, an hour ahead of UTC until the clocks go forward on the 28th.
const monday = {
  timeZone: 'Europe/Berlin',
  weekly: [{ days: [1], start: '09:00', end: '10:00' }],
  dateOverrides: [],
  eventMinutes: 20,
  intervalMinutes: null,
  minimumNoticeMinutes: 0,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  busy: [],
  holds: [],
  queryFrom: '2027-03-01T00:00:00Z',
  queryTo: '2027-03-02T12:00:00Z',
  now: '2027-02-01T00:00:00Z',
}
const weekly = (days: number[], ...spans: [string, string][]) => ({
  weekly: spans.map(([start, end]) => ({ days, start, end })),
})
const override = (date: string, ...spans: [string, string][]) => ({
  dateOverrides: [{ date, windows: spans.map(([start, end]) => ({ start, end })) }],
})
const span = (start: string, end: string) => ({
  start: `2027-03-01T${start}:00Z`,
  end: `2027-03-01T${end}:00Z`,
})
const external = (start: string, end: string) => ({ kind: 'external', ...span(start, end) })
const hold = (owner: string, start: string, end: string, releaseAt: string) => ({
  owner,
  ...span(start, end),
  releaseAt,
})
const asked = (queryFrom: string, queryTo: string) => ({
  queryFrom: `${queryFrom}:00Z`,
  queryTo: `${queryTo}:00Z`,
})
const dense = {
  ...weekly([1], ['09:00', '10:00']),
  eventMinutes: 10,
  bufferBeforeMinutes: 5,
  bufferAfterMinutes: 15,
}

const worked: [string, object, string][] = [
  ['every start whose session ends inside the window', {}, '1T08:00 1T08:20 1T08:40'],
  [
    'a window that ends ten minutes too early has one start less',
    weekly([1], ['09:00', '09:50']),
    '1T08:00 1T08:20',
  ],
  [
    'a date override replaces the weekly hours of its date',
    override('2027-03-01', ['14:00', '14:40']),
    '1T13:00 1T13:20',
  ],
  ['an empty override closes the day', override('2027-03-01'), ''],
  [
    'an override opens a day without weekly hours',
    { ...weekly([3], ['09:00', '10:00']), ...override('2027-03-01', ['09:00', '09:20']) },
    '1T08:00',
  ],
  [
    'touching windows merge',
    { ...weekly([1], ['09:00', '09:30'], ['09:30', '10:00']), eventMinutes: 60 },
    '1T08:00',
  ],
  [
    'overlapping windows merge',
    { ...weekly([1], ['09:20', '10:00'], ['09:00', '09:50']), eventMinutes: 60 },
    '1T08:00',
  ],
  // 23:20 to 00:20 is one window; the first half hour in it is 23:30, and a
  // session from 00:00 would end after it.
  [
    '24:00 is the following midnight, where the next day goes on',
    {
      weekly: [...weekly([1], ['23:20', '24:00']).weekly, ...weekly([2], ['00:00', '00:20']).weekly],
      eventMinutes: 30,
    },
    '1T22:30',
  ],
  [
    'a window crosses midnight',
    { ...weekly([1], ['23:00', '01:00']), eventMinutes: 30 },
    '1T22:00 1T22:30 1T23:00 1T23:30',
  ],
  // 08:30 to 08:40, 15 minutes before for the buffer after, 5 after for the buffer before: 08:15 to 08:45.
  [
    'an outside block is widened by the new session’s buffers',
    { ...dense, busy: [external('08:30', '08:40')] },
    '1T08:00 1T08:50',
  ],
  // The booking's own 5 before and 15 after as well: 08:10 to 09:00.
  [
    'a booking is widened by its own buffers too',
    { ...dense, busy: [{ ...external('08:30', '08:40'), kind: 'booking' }] },
    '1T08:00',
  ],
  [
    'a block takes nothing that it only touches',
    { busy: [external('07:00', '08:00'), external('08:20', '08:40'), external('09:00', '12:00')] },
    '1T08:00 1T08:40',
  ],
  [
    'a live reservation of somebody else is removed',
    { holds: [hold('other', '08:20', '08:30', '2027-02-01T00:05:00Z')] },
    '1T08:00 1T08:40',
  ],
  [
    'one’s own reservation is not',
    { holds: [hold('self', '08:20', '08:30', '2027-02-01T00:05:00Z')] },
    '1T08:00 1T08:20 1T08:40',
  ],
  [
    'a reservation that has just ended is not removed',
    { holds: [hold('other', '08:20', '08:30', '2027-02-01T00:00:00Z')] },
    '1T08:00 1T08:20 1T08:40',
  ],
  ['the step is the interval', { eventMinutes: 20, intervalMinutes: 30 }, '1T08:00 1T08:30'],
  // 45 is a multiple of 15, so the first start after 09:05 is 09:15.
  [
    'the first start is rounded up to what divides the step',
    { ...weekly([1], ['09:05', '11:00']), eventMinutes: 10, intervalMinutes: 45 },
    '1T08:15 1T09:00 1T09:45',
  ],
  [
    'a step that none of the numbers divides starts at any minute',
    { ...weekly([1], ['09:01', '09:20']), eventMinutes: 7 },
    '1T08:01 1T08:08',
  ],
  [
    'half past in Berlin is the hour in Delhi',
    { ...weekly([1], ['09:00', '12:00']), eventMinutes: 60, viewerTimeZone: 'Asia/Kolkata' },
    '1T08:30 1T09:30',
  ],
  [
    'a quarter past in Berlin is the hour in Kathmandu',
    { eventMinutes: 30, viewerTimeZone: 'Asia/Kathmandu' },
    '1T08:15',
  ],
  [
    'the notice counts from now, rounded up to the grid',
    { minimumNoticeMinutes: 60, now: '2027-03-01T07:05:59Z' },
    '1T08:20 1T08:40',
  ],
  ['its seconds are dropped', { minimumNoticeMinutes: 60, now: '2027-03-01T07:20:59Z' }, '1T08:20 1T08:40'],
  ['what was asked about cuts the window', asked('2027-03-01T08:10', '2027-03-01T08:50'), '1T08:20'],
  // At 02:00 it is 03:00: three hours of the wall are two.
  [
    'the clocks go forward',
    {
      ...weekly([0], ['01:00', '04:00']),
      eventMinutes: 60,
      ...asked('2027-03-27T12:00', '2027-03-28T12:00'),
    },
    '28T00:00 28T01:00',
  ],
  [
    'the clocks go back',
    {
      ...weekly([0], ['01:00', '04:00']),
      eventMinutes: 60,
      ...asked('2027-10-30T12:00', '2027-10-31T12:00'),
    },
    '30T23:00 31T00:00 31T01:00 31T02:00',
  ],
  [
    'they go back by half an hour on Lord Howe Island',
    {
      timeZone: 'Australia/Lord_Howe',
      ...weekly([0], ['01:00', '03:00']),
      eventMinutes: 30,
      ...asked('2027-04-03T00:00', '2027-04-04T12:00'),
    },
    '3T14:00 3T14:30 3T15:00 3T15:30 3T16:00',
  ],
  [
    'Monday comes first in Kiritimati',
    { timeZone: 'Pacific/Kiritimati', eventMinutes: 60, ...asked('2027-02-28T00:00', '2027-03-03T00:00') },
    '28T19:00',
  ],
  [
    'and last in Pago Pago',
    { timeZone: 'Pacific/Pago_Pago', eventMinutes: 60, ...asked('2027-02-28T00:00', '2027-03-03T00:00') },
    '1T20:00',
  ],
  [
    'a leap day is a day',
    { timeZone: 'UTC', ...weekly([2], ['09:00', '09:40']), ...asked('2028-02-28T00:00', '2028-03-02T00:00') },
    '29T09:00 29T09:20',
  ],
  // Tuesday 2 March in Berlin is open until 10:00; the viewer's Monday evening
  // in Los Angeles is the same moment.
  [
    'a date is one on the host’s calendar',
    {
      ...weekly([1, 2], ['01:00', '01:20']),
      ...override('2027-03-02'),
      viewerTimeZone: 'America/Los_Angeles',
    },
    '1T00:00',
  ],
]

it.each(worked)('%s', (name, change, expected) => {
  const [one] = toCases({ ...monday, ...change, name })
  const starts = freeStarts(one!.rules, one!.query).map(
    (start) => `${start.getUTCDate()}T${start.toISOString().slice(11, 16)}`,
  )
  expect(starts.join(' ')).toBe(expected)
  // Every other time on the grid has a reason.
  const { free, refused } = explain(one!)
  expect(free).toHaveLength(starts.length)
  expect(refused.filter(({ reasons }) => reasons.length === 0)).toEqual([])
})
