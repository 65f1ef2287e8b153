import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { dayAt, momentOf, offsetAt, wallAt, zoneClock } from './zone-clock.ts'

const hour = 3_600_000
const day = 24 * hour
const utc = (text: string) => Date.parse(`${text}Z`)
const iso = (moment: number) => new Date(moment).toISOString().slice(0, 16)

function clockAround(zone: string, moment: number) {
  return zoneClock(zone, moment - 3 * day, moment + 3 * day)
}

describe('where the clock is read as one moment', () => {
  it.each([
    ['Asia/Kolkata', '2027-03-01T09:00', '2027-03-01T03:30'],
    ['Asia/Kathmandu', '2027-03-01T00:00', '2027-02-28T18:15'],
    ['Pacific/Kiritimati', '2027-03-01T00:00', '2027-02-28T10:00'],
    ['Pacific/Pago_Pago', '2027-03-01T23:30', '2027-03-02T10:30'],
    ['America/New_York', '2027-03-14T03:00', '2027-03-14T07:00'],
    ['America/New_York', '2027-11-07T02:00', '2027-11-07T07:00'],
    ['Australia/Lord_Howe', '2026-10-04T02:30', '2026-10-03T15:30'],
    ['UTC', '2028-02-29T12:00', '2028-02-29T12:00'],
  ])('in %s, %s is %s', (zone, wall, moment) => {
    const clock = clockAround(zone, utc(moment))
    expect(iso(momentOf(clock, utc(wall), 'start'))).toBe(moment)
    expect(iso(momentOf(clock, utc(wall), 'end'))).toBe(moment)
    expect(iso(wallAt(clock, utc(moment)))).toBe(wall)
  })
})

describe('where the clock shows a time twice', () => {
  it('the first of the two counts', () => {
    const clock = clockAround('America/New_York', utc('2027-11-07T06:00'))
    expect(iso(momentOf(clock, utc('2027-11-07T01:30'), 'start'))).toBe('2027-11-07T05:30')
    expect(iso(momentOf(clock, utc('2027-11-07T01:30'), 'end'))).toBe('2027-11-07T05:30')
  })
})

describe('where the clock jumps over a time', () => {
  it.each([
    ['America/New_York', '2027-03-14T02:30', '2027-03-14T07:30', '2027-03-14T07:00'],
    ['America/New_York', '2027-03-14T02:00', '2027-03-14T07:00', '2027-03-14T07:00'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:45', '2026-10-03T15:30'],
    ['America/Sao_Paulo', '2018-11-04T00:00', '2018-11-04T03:00', '2018-11-04T03:00'], // midnight itself
    ['Pacific/Apia', '2011-12-30T09:00', '2011-12-30T19:00', '2011-12-30T10:00'], // the day Samoa left out
  ])('in %s, hours from %s start at %s, and hours until then end at %s', (zone, wall, start, end) => {
    const clock = clockAround(zone, utc(end))
    expect(iso(momentOf(clock, utc(wall), 'start'))).toBe(start)
    expect(iso(momentOf(clock, utc(wall), 'end'))).toBe(end)
  })
})

describe('in any zone at any time', () => {
  const zones = [
    'America/New_York',
    'Europe/London',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
    'Africa/Casablanca',
    'Antarctica/Troll',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'America/Sao_Paulo',
    'Africa/Cairo',
    'Asia/Tehran',
  ]
  const when = fc
    .integer({ min: utc('2009-01-01T00:00') / 60_000, max: utc('2032-01-01T00:00') / 60_000 })
    .map((minute) => minute * 60_000)

  it('agrees with Temporal about offset, date and moment', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        when,
        fc.integer({ min: -2 * 1440, max: 2 * 1440 }),
        (zone, moment, aside) => {
          const clock = zoneClock(zone, moment, moment)
          const zoned = Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone)
          expect(offsetAt(clock, moment)).toBe(zoned.offsetNanoseconds / 1e6)
          expect(new Date(dayAt(clock, moment) * day).toISOString().slice(0, 10)).toBe(
            zoned.toPlainDate().toString(),
          )
          const wall = zoned.toPlainDateTime().add({ minutes: aside })
          const expected = wall.toZonedDateTime(zone).epochMilliseconds
          expect(momentOf(clock, utc(wall.toString({ smallestUnit: 'minute' })), 'start')).toBe(expected)
        },
      ),
      { numRuns: 300 },
    )
  })
})

it('an unknown zone is refused', () => expect(() => zoneClock('Mars/Olympus', 0, 0)).toThrow(RangeError))
