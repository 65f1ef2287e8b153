import { describe, expect, test } from 'vitest'
import { busyTimesIn } from './busy-times.ts'

const window = {
  from: Date.parse('2027-03-01T00:00:00Z'),
  to: Date.parse('2027-05-01T00:00:00Z'),
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
const minute = (moment: number) => new Date(moment).toISOString().slice(0, 16)
const read = (...lines: string[]) => busyTimesIn(Buffer.from(calendar(...lines)), window)
const busy = (...lines: string[]) =>
  read(...lines).busy.map(([start, end]) => `${minute(start)}/${minute(end)}`)

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

  test('skip what cannot be read, say which and why, and lose nothing else', () => {
    const good = event('DTSTART:20270310T090000Z', 'DTEND:20270310T100000Z')
    const { busy: spans, skipped } = read(
      ...event('SUMMARY:Dentist\\, at last', 'DTSTART:not a time'),
      ...event('SUMMARY:Call', 'DTSTART;TZID=Middle Earth:20270310T090000', 'DURATION:PT1H'),
      ...event('SUMMARY:Backwards', 'DTSTART:20270310T090000Z', 'DTEND:20270309T090000Z'),
      ...event('SUMMARY:Odd', 'DTSTART:20270312T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=SOMETIMES'),
      ...event('SUMMARY:Tick', 'DTSTART:20270313T090000Z', 'DURATION:PT1S', 'RRULE:FREQ=SECONDLY'),
      ...event('SUMMARY:Nothing'),
      ...good,
    )
    expect(spans.map(([start]) => minute(start)).sort()).toEqual([
      '2027-03-10T09:00',
      '2027-03-12T09:00',
      '2027-03-13T09:00',
    ])
    expect(skipped).toEqual([
      { title: 'Dentist, at last', reason: 'Its start cannot be read: not a time.' },
      { title: 'Call', reason: 'Its time zone "Middle Earth" is not known.' },
      { title: 'Backwards', reason: 'It ends before it begins.' },
      { title: 'Odd', reason: expect.stringContaining('Only its first time counts') },
      { title: 'Tick', reason: 'It repeats more often than can be read. Only its first time counts.' },
      { title: 'Nothing', reason: 'It has no start.' },
    ])
  })

  test('of a changed occurrence that cannot be read keep the time it was planned for', () => {
    const series = event('DTSTART:20270308T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2')
    const broken = event('RECURRENCE-ID:20270309T090000Z', 'DTSTART;TZID=Nowhere:20270309T150000')
    const { busy: spans, skipped } = read(...series, ...broken)
    expect(spans.map(([start]) => minute(start))).toEqual(['2027-03-08T09:00', '2027-03-09T09:00'])
    expect(skipped).toHaveLength(1)
  })

  test('are refused as a whole where there is no calendar, or one that was cut off on its way', () => {
    const whole = calendar(...event('DTSTART:20270310T090000Z', 'DURATION:PT1H'))
    const reading = (text: string) => () => busyTimesIn(Buffer.from(text), window)
    expect(reading('<html>BEGIN of a page</html>')).toThrow('This is no calendar')
    expect(reading(whole.slice(0, whole.indexOf('END:VEVENT')))).toThrow('stops in the middle')
    expect(reading('BEGIN:VCALENDAR\r\nnonsense')).toThrow('stops in the middle')
    expect(reading(whole.slice(0, whole.indexOf('END:VCALENDAR')))().skipped).toHaveLength(1)
  })

  test.each([
    ['a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['line breaks of an old Mac', (text: string) => Buffer.from(text.replaceAll('\r\n', '\r'))],
    ['names in small letters', (text: string) => Buffer.from(text.toLowerCase())],
  ])('survive %s', (_what, written) => {
    const text = calendar(...event('DTSTART:20270310T090000Z', 'DURATION:PT1H', 'SUMMARY:Grüße'))
    expect(busyTimesIn(written(text), window).busy).toHaveLength(1)
  })

  test('heed what the owner declined, and the zone of the calendar for times without one', () => {
    const attendee = (answer: string) => `ATTENDEE;PARTSTAT=${answer}:mailto:Ruby@example.com`
    const times = ['DTSTART:20270310T090000', 'DURATION:PT1H']
    const head = ['X-WR-CALNAME:ruby@example.com', 'X-WR-TIMEZONE:Europe/London']
    expect(busy(...head, ...event(...times, attendee('DECLINED')))).toEqual([])
    expect(busy(...head, ...event(...times, attendee('TENTATIVE')))).toEqual([
      '2027-03-10T09:00/2027-03-10T10:00',
    ])
  })
})
