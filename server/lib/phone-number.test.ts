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

// Every way that phones, contact cards, pages and chats write the same number.
const copied: Record<string, string> = {
  'embedding marks': '\u202a+61 412 345 678\u202c',
  'override marks': '\u202d0412345678\u202c',
  isolates: '\u20660412 345 678\u2069',
  'an Arabic letter mark': '\u061c0412345678',
  'zero-width characters': '04\u200b12\u200c34\u200d56\u206078\ufeff',
  'a soft hyphen': '0412\u00ad345\u00ad678',
  'a Hangul filler': '\u31640412345678',
  'variation selectors': '0\ufe0f4\ufe0f12 345 678',
  'keycap emoji': [...'0412345678'].map((digit) => `${digit}\ufe0f\u20e3`).join(''),
  'a telephone emoji': '\u{1f4de} 0412 345 678',
  'a tab and a line break': '\t0412 345 678\r\n',
  'blanks of other widths': '0412\u2009345\u3000678\u202f',
  'full-width digits and plus': '＋６１４１２３４５６７８',
  'a superscript plus': '⁺61412345678',
  'Arabic digits': '٠٤١٢٣٤٥٦٧٨',
  'Persian digits': '۰۴۱۲۳۴۵۶۷۸',
  'Devanagari digits': '०४१२३४५६७८',
  'Thai digits': '๐๔๑๒๓๔๕๖๗๘',
  'a plus at the end, as pages from right to left copy it': '61412345678+',
  dots: '0412.345.678',
  'middle dots': '0412·345·678',
  slashes: '0412/345/678',
  'square brackets': '[0412] 345 678',
  'a trunk zero in brackets': '+61[0]412345678',
  'a link': 'tel:+61-412-345-678',
  'a link in capitals': 'TEL:+61412345678',
  'an escaped link': 'tel:%2B61%20412%20345%20678',
  'a link in angle brackets': '<tel:+61412345678>',
  'a link to a text message': 'sms:+61412345678?body=Hi',
  'a local link with its context': 'tel:0412345678;phone-context=+61',
  'a contact card': 'TEL;TYPE=CELL;TYPE=pref:+61 412 345 678',
  'an Apple contact card': 'item1.TEL;type=pref:0412 345 678',
  'a contact card of version 4': 'TEL;VALUE=uri;TYPE=cell:tel:+61-412-345-678',
  'a label': 'Mobile: 0412 345 678',
  'a WhatsApp link': 'https://wa.me/61412345678?text=Hello',
  'a long WhatsApp link': 'https://api.whatsapp.com/send?phone=%2B61412345678',
  "Australia's dial-out code": '0011 61 412 345 678',
  "North America's dial-out code": '011 61 412 345 678',
  "Europe's dial-out code": '00 61 412 345 678',
  'the code without the plus': '61 412 345 678',
  'the code without the plus, with a trunk zero': '61 0412 345 678',
  'a dial-out code with a trunk zero': '0011 61 0412 345 678',
}
for (const dash of '-‐‑‒–—―−﹣－⸺〜゠') copied[`the dash ${dash}`] = `0412${dash}345${dash}678`

test.each(Object.entries(copied))('a number with %s is read', (_kind, text) => {
  expect(readMobileNumber(text, 'AU')).toBe('+61412345678')
})

test.each<[string, CountryCode, string]>([
  ['0011 61 412 345 678', 'NZ', '+61412345678'],
  ['011 61 412 345 678', 'US', '+61412345678'],
  ['61 412 345 678', 'NZ', '+61412345678'],
  ['49 1512 3456789', 'AU', '+4915123456789'],
  ['tel:+1-201-555-0123', 'AU', '+12015550123'],
  ['https://wa.me/4915123456789', 'AU', '+4915123456789'],
  ['+52 1 222 123 4567', 'AU', '+522221234567'],
])('the country of %s is found in the number, whatever was chosen (%s)', (text, country, right) => {
  expect(readMobileNumber(text, country)).toBe(right)
})

test('one digit too many or too few never makes the number of somebody in another country', () => {
  for (const [country, national] of Object.entries(examples) as [CountryCode, string][])
    for (const written of [national, parsePhoneNumberFromString(national, country)!.formatNational()])
      for (let at = 0; at <= written.length; at++)
        for (const typed of [written.slice(0, at) + written.slice(at + 1), ...mistyped(written, at)]) {
          // A dial-out code, or up to three digits that stand apart, look like another country on purpose.
          if (/^\W*(?:00|011|[1-9]\d{0,2}\D)/.test(typed)) continue
          const read = readMobileNumber(typed, country)
          const code = `+${getCountryCallingCode(country)}`
          expect(read === null || read.startsWith(code), `${typed} in ${country}: ${read}`).toBe(true)
        }
})

const mistyped = (text: string, at: number) =>
  [...'0123456789'].map((digit) => text.slice(0, at) + digit + text.slice(at))

test.each([
  '',
  '041',
  'tel:',
  'tel:0412345678;ext=12',
  'https://wa.me/message/ABC',
  'my number',
  '0412 345 67x',
  '0412 345 6789',
  '+',
  '+0412345678',
  '++61412345678',
])('what cannot be a number is refused, so that no message goes astray: "%s"', (text) => {
  expect(readMobileNumber(text, 'AU')).toBeNull()
})

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
