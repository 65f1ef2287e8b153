import { expect, test } from 'vitest'
import { countryOfZone, crisisLines, emergencyNumber } from './crisis-lines.ts'

test.each([
  ['Australia/Melbourne', 'AU', '000'],
  ['Pacific/Auckland', 'NZ', '111'],
  ['Europe/London', 'GB', '999'],
  ['America/New_York', 'US', '911'],
  ['America/Toronto', 'CA', '911'],
  ['Europe/Berlin', 'DE', '112'],
])('somebody in %s sees the lines of %s and calls %s', (zone, country, number) => {
  expect(countryOfZone(zone)).toBe(country)
  expect(emergencyNumber(country)).toBe(number)
  expect(crisisLines.some((line) => line.country === country)).toBe(true)
})

test('an unknown country gets the number that works from most mobile phones', () => {
  expect(countryOfZone('Antarctica/Troll')).toBeUndefined()
  expect(emergencyNumber(undefined)).toBe('112')
})

test('every line can be dialled', () => {
  for (const { number, name } of crisisLines) expect(number.replaceAll(' ', ''), name).toMatch(/^\d{3,12}$/)
})
