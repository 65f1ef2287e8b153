import { expect, test } from 'vitest'
import {
  day,
  dayKey,
  firstName,
  hourIn,
  initials,
  midSentence,
  minutesAndSeconds,
  shortMoney,
  span,
  zoneLabel,
} from './format.ts'
import { hourMs, minuteMs } from './clock.ts'

const sydney = 'Australia/Sydney'
const now = new Date('2026-11-22T12:30:00Z') // 23:30 on the 22nd in Sydney

test('today and tomorrow are those of the zone shown, not of UTC or the browser', () => {
  expect(day('2026-11-22T12:45:00Z', sydney, now)).toBe('Today')
  expect(day('2026-11-22T13:15:00Z', sydney, now)).toBe('Tomorrow')
  expect(day('2026-11-22T13:15:00Z', 'Europe/Madrid', now)).toBe('Today')
  expect(day('2026-11-21T12:45:00Z', sydney, now)).toBe('Yesterday')
})

test('tomorrow is right on the night of a clock change', () => {
  const beforeChange = new Date('2027-04-03T11:00:00Z')
  expect(day('2027-04-04T12:00:00Z', sydney, beforeChange)).toBe('Tomorrow')
})

test('day and hour are those of the zone', () => {
  expect(dayKey('2026-11-22T13:15:00Z', sydney)).toBe('2026-11-23')
  expect(hourIn('2026-11-22T13:15:00Z', sydney)).toBe(0)
  expect(hourIn('2026-11-22T13:15:00Z', 'UTC')).toBe(13)
})

test('the zone is named with its place', () => {
  expect(zoneLabel(sydney, now)).toMatch(/^Sydney time \(.+\)$/)
  expect(zoneLabel('America/New_York', now)).toContain('New York time')
})

test('a span shows its two largest units and is never negative', () => {
  expect(span(-5000)).toBe('0 s')
  expect(span(40_000)).toBe('40 s')
  expect(span(14.5 * minuteMs)).toBe('14 min')
  expect(span(125 * minuteMs)).toBe('2 h 5 min')
  expect(span(25 * hourMs)).toBe('1 day')
  expect(span(50 * hourMs)).toBe('2 days')
})

test('a countdown ends at 0:00', () => {
  expect(minutesAndSeconds(545_000)).toBe('9:05')
  expect(minutesAndSeconds(400)).toBe('0:01')
  expect(minutesAndSeconds(-1)).toBe('0:00')
})

test('cents are shown only where there are any', () => {
  expect(shortMoney(1800, 'AUD')).toMatch(/\$18$/)
  expect(shortMoney(1334, 'AUD')).toMatch(/\$13\.34$/)
})

test.each([
  ['👩\u200d👩\u200d👧 Kim', '👩\u200d👩\u200d👧K'],
  ['Z\u030coe E\u0301mile', 'Z\u030cE\u0301'],
  ['𝒜lice 𐐷eseret', '𝒜𐐏'],
  ['ßen ﬁona', 'SF'],
  ['ǆon', 'Ǆ'],
  ['🇦🇺 Oz', '🇦🇺O'],
  ['किरण', 'कि'],
  ['李小龍', '李'],
])('the initials of %s are whole characters: %s', (name, letters) => {
  expect(initials(name)).toBe(letters)
})

test('names and words for people', () => {
  expect(firstName('  Mateo Álvarez ')).toBe('Mateo')
  expect(initials('Mateo de la Cruz')).toBe('MC')
  expect(initials('Cher')).toBe('C')
  expect(initials('"Ana" (Bo)')).toBe('AB')
  expect(initials('')).toBe('')
  expect(midSentence('Today, 2:45 pm')).toBe('today, 2:45 pm')
  expect(midSentence('Sat 28 November')).toBe('Sat 28 November')
})
