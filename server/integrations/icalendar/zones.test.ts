import { expect, test } from 'vitest'
import { readComponents } from './content-lines.ts'
import { openZones, zoneNamed } from './zones.ts'

/** Nine o'clock on 15 April 2027 there, in UTC. */
const nine = Date.UTC(2027, 3, 15, 9)
const at = (moment: number | undefined) => moment && new Date(moment).toISOString().slice(11, 16)

test.each([
  ['Europe/Vienna', '07:00'],
  ['europe/vienna', '07:00'],
  ['/mozilla.org/20050126_1/Europe/Vienna', '07:00'],
  ['/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires', '12:00'],
  ['GMT Standard Time', '08:00'],
  ['W. Europe Standard Time', '07:00'],
  ['aus eastern standard time', '23:00'],
  ['AUS Eastern Standard Time', '23:00'],
  ['(UTC+10:00) Canberra, Melbourne, Sydney', '23:00'],
  ['(GMT+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna', '07:00'],
  ['(UTC-05:00) Eastern Time (US & Canada)', '13:00'],
  ['(UTC) Dublin, Edinburgh, Lisbon, London', '08:00'],
  ['(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi', '03:30'],
  ['tzone://Microsoft/Utc', '09:00'],
  ['UTC', '09:00'],
  ['GMT+0200', '07:00'],
  ['UTC-03:30', '12:30'],
  ['+10:00', '23:00'],
  ['Middle Earth', undefined],
  ['Standard Time', undefined],
  ['', undefined],
])('nine o’clock in "%s" is %s in UTC', (name, wanted) => {
  expect(at(zoneNamed(name)?.(nine))).toBe(wanted)
})

test('rules that a calendar brings along come before anything of the same name', () => {
  const rules = [
    'BEGIN:VTIMEZONE',
    'TZID:Europe/Vienna',
    'BEGIN:STANDARD',
    'DTSTART:19700101T000000',
    'TZOFFSETFROM:+0530',
    'TZOFFSETTO:+0530',
    'END:STANDARD',
    'END:VTIMEZONE',
    'BEGIN:VTIMEZONE',
    'TZID:GMT Standard Time',
    'X-NOTHING:inside',
    'END:VTIMEZONE',
  ]
  const { root } = readComponents(rules.join('\n'))
  const zones = openZones([root])
  expect(at(zones('Europe/Vienna')?.(nine))).toBe('03:30')
  expect(at(zones('GMT Standard Time')?.(nine)), 'rules without an observance say nothing').toBe('08:00')
})

test('rules of an office that went over to daylight saving hold before, in and after it', () => {
  const { root } = readComponents(
    `BEGIN:VTIMEZONE
TZID:Office
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+1100
TZOFFSETTO:+1000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+1000
TZOFFSETTO:+1100
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=10
END:DAYLIGHT
END:VTIMEZONE`,
  )
  const office = openZones([root])('Office')!
  const sydney = zoneNamed('Australia/Sydney')!
  // Every half hour of the days around both changes of 2027, and the middle of each month of thirty years.
  const days = [Date.UTC(2027, 3, 3), Date.UTC(2027, 9, 2)]
  const walls = days.flatMap((day) => Array.from({ length: 144 }, (_, index) => day + index * 1_800_000))
  for (let month = 0; month < 360; month++) walls.push(Date.UTC(2010, month, 15, 9))
  for (const wall of walls) expect(office(wall), new Date(wall).toISOString()).toBe(sydney(wall))
})
