import { expect, test } from 'vitest'
import { readable, toInternational } from './phone-number.ts'

test.each([
  ['0412 345 678', '+61', '+61412345678'],
  ['412345678', '+61', '+61412345678'],
  ['(04) 1234-5678', '+61', '+61412345678'],
  ['+61 412 345 678', '+61', '+61412345678'],
  ['+61 (0)412 345 678', '+61', '+61412345678'],
  ['+610412345678', '+61', '+61412345678'],
  ['0061 412 345 678', '+61', '+61412345678'],
  ['+49 1512 3456789', '+61', '+4915123456789'],
  ['021 123 4567', '+64', '+64211234567'],
  ['312 345 6789', '+39', '+393123456789'],
  ['201 555 0123', '+1', '+12015550123'],
])('%s with %s is understood as %s', (text, prefix, number) => {
  expect(toInternational(text, prefix)).toBe(number)
})

test.each(['', '041', 'my number', '0412 345 67x', '0412 345 6789', '+', '+0412345678', '++61412345678'])(
  'what cannot be a number is refused, so that no message goes astray: "%s"',
  (text) => {
    expect(toInternational(text, '+61')).toBeNull()
  },
)

test('a number is shown in groups, so that a person can check it', () => {
  expect(readable('+61412345678')).toBe('+61 412 345 678')
  expect(readable('+12015550123')).toBe('+1 201 555 0123')
})
