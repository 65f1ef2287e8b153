import { expect, test } from 'vitest'
import { readMobileNumber } from '../../server/lib/phone-number.ts'
import { countries, readable } from './phone-number.ts'

test('a number is shown in groups, so that a person can check it', () => {
  expect(readable('+61412345678')).toBe('+61 412 345 678')
  expect(readable('+12015550123')).toBe('+1 201 555 0123')
})

test.each(countries)('the example of $name is a mobile number there', ({ code, prefix, example }) => {
  expect(readMobileNumber(example, code)?.startsWith(prefix)).toBe(true)
})
