import { describe, expect, it } from 'vitest'
import type { BusyTime, CalendarRules, SlotQuery } from './availability.ts'
import { whyNotFree } from './why-not-free.ts'

const at = (text: string) => new Date(`${text}:00Z`)
const rules: CalendarRules = {
  timeZone: 'Australia/Sydney', // 11 hours ahead in March
  weekly: [{ days: [1], start: '09:00', end: '10:00' }],
  dateOverrides: [{ date: '2027-03-08', windows: [] }],
  eventMinutes: 10,
  intervalMinutes: null,
  minimumNoticeMinutes: 60,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  horizonDays: 30,
}
const query: Omit<SlotQuery, 'from' | 'to'> = { now: at('2027-02-20T00:00'), busy: [], reservations: [] }
const nine = at('2027-02-28T22:00') // Monday 1 March, 09:00 in Sydney

describe("why a time is not free, on the host's own clock", () => {
  it('gives no reason where it is free', () => expect(whyNotFree(rules, query, nine)).toEqual([]))

  it('because it is between two starts, on the clock of whoever looks', () => {
    expect(
      whyNotFree({ ...rules, eventMinutes: 30 }, { ...query, viewerTimeZone: 'Asia/Kathmandu' }, nine),
    ).toEqual([
      'Starts are 30 minutes apart on the clock of Asia/Kathmandu, and 2027-03-01 03:45 (Asia/Kathmandu) is between two of them.',
    ])
  })

  it('because it is too soon, or too far away', () => {
    expect(whyNotFree(rules, { ...query, now: at('2027-02-28T21:30') }, nine)).toEqual([
      'With 60 minutes of notice, the earliest start now is 2027-03-01 09:30 (Australia/Sydney).',
    ])
    expect(whyNotFree({ ...rules, horizonDays: 3 }, query, nine)).toEqual([
      'The calendar opens 3 days ahead, until 2027-02-24 00:00 (Australia/Sydney).',
    ])
  })

  it('because it is outside the hours, and which those are', () => {
    expect(whyNotFree(rules, query, at('2027-02-28T23:00'))).toEqual([
      "The 10 minutes of the session are not inside the host's hours. " +
        'On 2027-03-01 they are 09:00 to 10:00, by the weekly hours.',
    ])
    expect(whyNotFree(rules, query, at('2027-03-07T22:00'))[0]).toContain(
      'On 2027-03-08 they are none, by a date override.',
    )
    expect(whyNotFree(rules, query, at('2027-03-01T22:00'))[0]).toContain(
      'On 2027-03-02 they are none, by the weekly hours.',
    )
  })

  it('because something is in the way, with the buffers that make it so', () => {
    const entry: BusyTime = { kind: 'external', start: at('2027-02-28T22:20'), end: at('2027-02-28T22:30') }
    expect(whyNotFree({ ...rules, bufferAfterMinutes: 20 }, { ...query, busy: [entry] }, nine)).toEqual([
      'An entry in another calendar, 2027-03-01 09:20 to 09:30 (Australia/Sydney), ' +
        'and with buffers 2027-03-01 09:00 to 09:30 (Australia/Sydney), is in the way.',
    ])
    const booking: BusyTime = { kind: 'booking', start: nine, end: at('2027-02-28T22:10') }
    expect(whyNotFree({ ...rules, maximumPerDay: 1 }, { ...query, busy: [booking] }, nine)).toEqual([
      'The day from 2027-03-01 00:00 (Australia/Sydney) has its maximum of 1 bookings.',
      'Another booking, 2027-03-01 09:00 to 09:10 (Australia/Sydney), is in the way.',
    ])
  })

  it('because somebody else is just booking it', () => {
    const reservation = {
      owner: 'other',
      start: nine,
      end: at('2027-02-28T22:10'),
      releaseAt: at('2027-02-20T00:05'),
    } as const
    expect(whyNotFree(rules, { ...query, reservations: [reservation] }, nine)).toEqual([
      'Somebody is booking 2027-03-01 09:00 to 09:10 (Australia/Sydney); ' +
        'it is held until 2027-02-20 11:05 (Australia/Sydney).',
    ])
    expect(whyNotFree(rules, { ...query, reservations: [{ ...reservation, owner: 'self' }] }, nine)).toEqual(
      [],
    )
  })

  it('gives every reason at once', () => {
    expect(whyNotFree(rules, { ...query, now: at('2027-03-02T00:00') }, at('2027-02-28T23:05'))).toHaveLength(
      3,
    )
  })
})
