import { describe, expect, test } from 'vitest'
import { busyTimesIn } from './icalendar-busy.ts'

const window = {
  from: new Date('2027-03-01T00:00:00Z'),
  to: new Date('2027-05-01T00:00:00Z'),
  timeZone: 'Australia/Sydney',
}

function calendar(...lines: string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR'].join('\r\n')
}
const event = (...lines: string[]) => [
  'BEGIN:VEVENT',
  'UID:one',
  'DTSTAMP:20270101T000000Z',
  ...lines,
  'END:VEVENT',
]
const busy = (...lines: string[]) =>
  busyTimesIn(calendar(...lines), window).map(
    ({ start, end }) => `${start.toISOString().slice(0, 16)}/${end.toISOString().slice(0, 16)}`,
  )

describe('busy times of a calendar', () => {
  test('are in UTC, in a named zone, in the host’s own zone, or whole days of the host', () => {
    expect(busy(...event('DTSTART:20270310T090000Z', 'DTEND:20270310T100000Z'))).toEqual([
      '2027-03-10T09:00/2027-03-10T10:00',
    ])
    expect(busy(...event('DTSTART;TZID=America/New_York:20270310T090000', 'DURATION:PT30M'))).toEqual([
      '2027-03-10T14:00/2027-03-10T14:30',
    ])
    expect(busy(...event('DTSTART:20270310T090000', 'DTEND:20270310T100000'))).toEqual([
      '2027-03-09T22:00/2027-03-09T23:00',
    ])
    expect(busy(...event('DTSTART;VALUE=DATE:20270310', 'DTEND;VALUE=DATE:20270311'))).toEqual([
      '2027-03-09T13:00/2027-03-10T13:00',
    ])
    expect(busy(...event('DTSTART;VALUE=DATE:20270310'))).toEqual(['2027-03-09T13:00/2027-03-10T13:00'])
  })

  test('keep 9 o’clock at 9 o’clock when a recurrence crosses a change of daylight saving', () => {
    // New York goes forward on 14 March 2027, Sydney back on 4 April.
    expect(
      busy(
        ...event(
          'DTSTART;TZID=America/New_York:20270312T090000',
          'DTEND;TZID=America/New_York:20270312T093000',
          'RRULE:FREQ=DAILY;COUNT=4',
        ),
      ),
    ).toEqual([
      '2027-03-12T14:00/2027-03-12T14:30',
      '2027-03-13T14:00/2027-03-13T14:30',
      '2027-03-14T13:00/2027-03-14T13:30',
      '2027-03-15T13:00/2027-03-15T13:30',
    ])
    expect(busy(...event('DTSTART:20270403T090000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2'))).toEqual([
      '2027-04-02T22:00/2027-04-02T23:00',
      '2027-04-03T23:00/2027-04-04T00:00',
    ])
  })

  test('leave out cancelled exceptions, follow moved ones, and add extra dates', () => {
    const series = event(
      'DTSTART:20270301T090000Z',
      'DTEND:20270301T100000Z',
      'RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270329T235959Z',
      'EXDATE:20270308T090000Z',
      'RDATE:20270311T090000Z',
    )
    const moved = event(
      'RECURRENCE-ID:20270315T090000Z',
      'DTSTART:20270316T120000Z',
      'DTEND:20270316T130000Z',
    )
    const cancelled = event(
      'RECURRENCE-ID:20270322T090000Z',
      'DTSTART:20270322T090000Z',
      'DTEND:20270322T100000Z',
      'STATUS:CANCELLED',
    )
    expect(busy(...series, ...moved, ...cancelled).sort()).toEqual([
      '2027-03-01T09:00/2027-03-01T10:00',
      '2027-03-11T09:00/2027-03-11T10:00',
      '2027-03-16T12:00/2027-03-16T13:00',
      '2027-03-29T09:00/2027-03-29T10:00',
    ])
  })

  test('use the zone rules in the calendar where its zone has an unknown name', () => {
    const zone = [
      'BEGIN:VTIMEZONE',
      'TZID:Custom Office',
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+0530',
      'TZOFFSETTO:+0530',
      'END:STANDARD',
      'END:VTIMEZONE',
    ]
    expect(
      busy(
        ...zone,
        ...event('DTSTART;TZID=Custom Office:20270310T090000', 'DTEND;TZID=Custom Office:20270310T100000'),
      ),
    ).toEqual(['2027-03-10T03:30/2027-03-10T04:30'])
  })

  test('of many series that are many years old are complete', () => {
    const standUp = (uid: number) =>
      event(
        'DTSTART;TZID=Australia/Sydney:19950102T090000',
        'DURATION:PT30M',
        'RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
      ).map((line) => line.replace('UID:one', `UID:${uid}`))
    // 1 March to 30 April 2027 have 45 days from Monday to Friday, and nine o'clock of the first is before
    // the window.
    expect(busy(...Array.from({ length: 20 }, (_, uid) => standUp(uid)).flat())).toHaveLength(20 * 44)
    expect(busy(...event('DTSTART:20000101T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY'))).toHaveLength(61)
    expect(
      busy(...event('DTSTART:20000101T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;BYMONTH=4;INTERVAL=3')),
    ).toEqual(
      busy(
        ...event(
          'DTSTART:20270403T090000Z',
          'DURATION:PT1H',
          'RRULE:FREQ=DAILY;INTERVAL=3;UNTIL=20270430T235959Z',
        ),
      ),
    )
    expect(busy(...event('DTSTART:20270201T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=6'))).toEqual([
      '2027-03-01T09:00/2027-03-01T10:00',
      '2027-03-08T09:00/2027-03-08T10:00',
    ])
  })

  test('of one series ignore the exceptions of another at the same time', () => {
    const series = (uid: string) =>
      event('DTSTART:20270301T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=2').map((line) =>
        line.replace('UID:one', `UID:${uid}`),
      )
    const cancelled = event(
      'RECURRENCE-ID:20270308T090000Z',
      'DTSTART:20270308T090000Z',
      'DURATION:PT1H',
      'STATUS:CANCELLED',
    )
    expect(busy(...series('one'), ...cancelled)).toEqual(['2027-03-01T09:00/2027-03-01T10:00'])
    expect(busy(...series('two'), ...cancelled)).toEqual([
      '2027-03-01T09:00/2027-03-01T10:00',
      '2027-03-08T09:00/2027-03-08T10:00',
    ])
  })

  test('leave out entries that do not make anybody busy', () => {
    expect(
      busy(
        ...event('DTSTART:20270310T090000Z', 'DTEND:20270310T100000Z', 'TRANSP:TRANSPARENT'),
        ...event('DTSTART:20270310T090000Z', 'DTEND:20270310T100000Z', 'STATUS:CANCELLED'),
        ...event('DTSTART:20270310T090000Z', 'DTEND:20270310T090000Z'),
        ...event('DTSTART:20280310T090000Z', 'DTEND:20280310T100000Z'),
      ),
    ).toEqual([])
    expect(
      busy(
        'BEGIN:VFREEBUSY',
        'UID:f',
        'DTSTAMP:20270101T000000Z',
        'FREEBUSY;FBTYPE=BUSY:20270310T090000Z/PT1H',
        'FREEBUSY;FBTYPE=FREE:20270311T090000Z/PT1H',
        'END:VFREEBUSY',
      ),
    ).toEqual(['2027-03-10T09:00/2027-03-10T10:00'])
  })

  test('skip a malformed entry and not the others, and refuse rules without end', () => {
    expect(
      busy(...event('DTSTART:not a time'), ...event('DTSTART:20270310T090000Z', 'DTEND:20270310T100000Z')),
    ).toEqual(['2027-03-10T09:00/2027-03-10T10:00'])
    expect(() => busy(...event('DTSTART:19700101T000000Z', 'DURATION:PT1S', 'RRULE:FREQ=SECONDLY'))).toThrow(
      'more repeated entries',
    )
    expect(() => busyTimesIn('<html>', window)).toThrow('cannot be read as a calendar')
  })
})
