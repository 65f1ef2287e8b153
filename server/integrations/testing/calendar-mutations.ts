// Calendars as no program writes them: pieces of real cases, cut, doubled, mixed and spoiled.

/** A seeded source of numbers from 0 to 1. */
export type Draw = () => number

const values = [
  '20270310T090000',
  '20270310T090000Z',
  '20270310',
  '99999999T999999',
  '20270230T250000Z',
  '',
  ':',
  '\0',
  'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=SECONDLY;INTERVAL=0',
  'FREQ=YEARLY;BYYEARDAY=-366;BYSETPOS=-99',
  'FREQ=MINUTELY;COUNT=999999999',
  'FREQ=HOURLY;UNTIL=99991231T235959Z',
  'FREQ=DAILY;INTERVAL=999999999999',
  'FREQ=MONTHLY;BYDAY=99MO',
  'FREQ=WEEKLY;WKST=XX;BYDAY=MO,,TU',
  'P99999999W',
  '-PT1H',
  'PT',
  '+1400',
  '-9999',
]
const parameters = [
  'TZID=Nowhere/Land',
  'TZID="',
  'VALUE=DATE',
  'VALUE=PERIOD',
  'RANGE=THISANDFUTURE',
  'TZID=/',
]
const lines = [
  'BEGIN:VEVENT',
  'END:VEVENT',
  'BEGIN:VTIMEZONE',
  'END:VCALENDAR',
  'BEGIN:STANDARD',
  'RRULE:',
  'EXDATE:,,,',
  'RECURRENCE-ID;RANGE=THISANDFUTURE:20270309T090000Z',
  'SEQUENCE:99999999999999999999',
  'DTSTART:',
  'X',
]

/** One to five changes of one of `sources`. */
export function mutated(sources: string[], draw: Draw): string {
  const pick = <Item>(items: Item[]): Item => items[Math.floor(draw() * items.length)]!
  let text = pick(sources).split(/\r?\n/)
  const place = () => Math.floor(draw() * text.length)
  const spoil = (change: (line: string) => string) => {
    const at = place()
    text[at] = change(text[at] ?? '')
  }
  const changes: (() => void)[] = [
    () => text.splice(place(), 1),
    () => text.splice(place(), 0, pick(lines)),
    () => text.splice(place(), 0, pick(text)),
    () => (text = text.slice(0, place() + 1)),
    () => (text = [...text, ...pick(sources).split(/\r?\n/)]),
    () => spoil((line) => `${line.split(':')[0]}:${pick(values)}`),
    () => spoil((line) => line.replace(/^([A-Z-]+)/, `$1;${pick(parameters)}`)),
    () =>
      spoil((line) => {
        const cut = Math.floor(draw() * line.length)
        return line.slice(0, cut) + String.fromCharCode(Math.floor(draw() * 256)) + line.slice(cut + 1)
      }),
  ]
  for (let left = 1 + Math.floor(draw() * 5); left > 0; left--) pick(changes)()
  return text.join('\r\n')
}
