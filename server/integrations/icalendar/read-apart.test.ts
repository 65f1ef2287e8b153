import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readCalendarApart } from './read-apart.ts'

const window = { from: Date.parse('2027-03-01'), to: Date.parse('2028-03-01'), timeZone: 'Australia/Sydney' }
const calendar = (count: number, ...lines: string[]) =>
  Buffer.from(
    [
      'BEGIN:VCALENDAR',
      ...Array.from({ length: count }, (_, uid) => [
        'BEGIN:VEVENT',
        `UID:${uid}`,
        ...lines,
        'END:VEVENT',
      ]).flat(),
      'END:VCALENDAR',
    ].join('\r\n'),
  )
const once = ['DTSTART:20270310T090000Z', 'DURATION:PT1H']

test('a calendar that takes too long is ended by the watchdog, and the next one is read', async () => {
  const endless = calendar(3_000, 'DTSTART:20200101T000000Z', 'DURATION:PT1M', 'RRULE:FREQ=HOURLY')
  const [first, second] = await Promise.allSettled([
    readCalendarApart(endless, window, 300),
    readCalendarApart(calendar(1, ...once), window),
  ])
  expect(first).toMatchObject({
    status: 'rejected',
    reason: { name: 'CalendarUnreadable', message: 'This calendar takes too long to read.' },
  })
  expect(second).toMatchObject({
    status: 'fulfilled',
    value: { busy: [[Date.parse('2027-03-10T09:00Z'), Date.parse('2027-03-10T10:00Z')]] },
  })
})

test('timers of this thread go on while a calendar is read', async () => {
  let ticks = 0
  const timer = setInterval(() => ticks++, 5)
  const long = calendar(200, 'DTSTART:20200101T000000Z', 'DURATION:PT1M', 'RRULE:FREQ=DAILY')
  await readCalendarApart(long, window)
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(3)
  await sleep(0)
})
