import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' }
import { type CountryCode, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/mobile'
import { expect, test } from 'vitest'
import cases from './phone-number-cases.json' with { type: 'json' }
import { isMobileNumber, readMobileNumber } from './phone-number.ts'

const chosen: Record<string, CountryCode> = {
  '+1': 'US',
  '+27': 'ZA',
  '+39': 'IT',
  '+49': 'DE',
  '+61': 'AU',
  '+62': 'ID',
  '+64': 'NZ',
}

test.each(cases)('"$text" with $prefix is $right: $why', ({ text, prefix, right }) => {
  expect(readMobileNumber(text, chosen[prefix]!)).toBe(right)
})

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
  ['+81 090 1234 5678', '+61', '+819012345678'],
  ['+27 082 123 4567', '+61', '+27821234567'],
  ['+353 085 012 3456', '+61', '+353850123456'],
])('%s with %s is understood as %s', (text, prefix, number) => {
  expect(readMobileNumber(text, chosen[prefix]!)).toBe(number)
})

test.each(['', '041', 'my number', '0412 345 67x', '0412 345 6789', '+', '+0412345678', '++61412345678'])(
  'what cannot be a number is refused, so that no message goes astray: "%s"',
  (text) => {
    expect(readMobileNumber(text, 'AU')).toBeNull()
  },
)

test('landlines and numbers to the emergency services are refused before a message is paid for', () => {
  for (const text of ['02 9876 5432', '13 12 13', '1800 801 920', '112', '000'])
    expect(readMobileNumber(text, 'AU'), text).toBeNull()
})

test('every way to write a mobile number of any country gives one number', () => {
  for (const [country, national] of Object.entries(examples) as [CountryCode, string][]) {
    const code = getCountryCallingCode(country)
    const written = parsePhoneNumberFromString(national, country)!.formatNational()
    const ways = [national, written, `+${code} ${written}`, `+${code} (0)${national}`, `${code} ${national}`]
    for (const text of [...ways, `00${code}${national}`])
      expect(readMobileNumber(text, country), `${text} in ${country}`).toBe(`+${code}${national}`)
  }
})

test('a zero that does not belong after the country code never makes another number', () => {
  for (const [country, national] of Object.entries(examples) as [CountryCode, string][]) {
    const code = getCountryCallingCode(country)
    expect([null, `+${code}${national}`]).toContain(readMobileNumber(`+${code} 0${national}`))
  }
})

test('a number without its country code is read only where a country was chosen', () => {
  expect(readMobileNumber('0412 345 678')).toBeNull()
  expect(readMobileNumber('+61 412 345 678')).toBe('+61412345678')
})

test('only the international form without separators is a number as we keep it', () => {
  expect(['+61491570006', '+819012345678', '+64211234567'].every(isMobileNumber)).toBe(true)
  const others = [
    '+610491570006',
    '+8109012345678',
    '+61 491 570 006',
    '＋61491570006',
    '0491570006',
    '+61298765432',
  ]
  expect(others.filter(isMobileNumber)).toEqual([])
})
