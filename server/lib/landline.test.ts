import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' }
import { expect, test } from 'vitest'
import { isLandline } from './landline.ts'
import { type CountryCode, readMobileNumber } from './phone-number.ts'

test.each<[string, CountryCode]>([
  ['02 9876 5432', 'AU'],
  ['(02)\u00a09876\u20115432', 'AU'],
  ['+61 (0)2 9876 5432', 'US'],
  ['0011 61 2 9876 5432', 'AU'],
  ['٠٢٩٨٧٦٥٤٣٢', 'AU'],
  ['1800 801 920', 'AU'],
  ['020 7946 0958', 'GB'],
  ['030 901820', 'DE'],
  ['tel:+49-30-901820', 'AU'],
])('%s in %s is a landline and never read as a mobile number', (text, country) => {
  expect(isLandline(text, country)).toBe(true)
  expect(readMobileNumber(text, country)).toBeNull()
})

test('no mobile number of any country is called a landline', () => {
  for (const [country, national] of Object.entries(examples) as [CountryCode, string][])
    expect(isLandline(national, country), `${national} in ${country}`).toBe(false)
})

test.each(['', 'ask me', '0412 345 67', '000'])('"%s" is no landline, it is no number at all', (text) => {
  expect(isLandline(text, 'AU')).toBe(false)
})
