import { expect, test } from 'vitest'
import { isPayableCountry } from './payable-country.ts'

test.each([
  ['AU', 'AU', true],
  ['AU', 'NZ', false],
  ['AU', 'GB', false],
  ['GB', 'AU', false],
  ['GB', 'SE', true],
  ['US', 'CH', true],
  [null, 'NZ', true],
  ['AU', undefined, true],
])('a platform in %s can pay a host in %s: %s', (platform, host, isPayable) => {
  expect(isPayableCountry(platform, host)).toBe(isPayable)
})
