// Mobile numbers by libphonenumber-js. Its `mobile` metadata knows which numbers are mobile in each country,
// so that a misread number is refused instead of being somebody else's landline: with `min`, "49 1512..."
// read in Germany is valid.
import { type CountryCode, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/mobile'
import { plainDigits } from './plain-digits.ts'

export type { CountryCode }

/** Whether `text` is an international mobile number as we keep it: +61491570006. */
export function isMobileNumber(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text) && readMobileNumber(text) === text
}

/** The country of a number as we keep it, like AU; undefined where several share its code. */
export function countryOf(number: string): CountryCode | undefined {
  return parsePhoneNumberFromString(number)?.country
}

/**
 * The E.164 form of a number that a person typed or pasted, or null. A number with a country code of its own
 * (+, 00, 0011, 011, a link, or the code alone) is of that country, any other of `country`; a trunk prefix is
 * left out wherever it stands.
 */
export function readMobileNumber(text: string, country?: CountryCode): string | null {
  for (const reading of readingsOf(text, country)) {
    const number = parsePhoneNumberFromString(reading, { defaultCountry: country, extract: false })
    if (number?.isValid()) return number.number
  }
  return null
}

/** What the text may mean, likeliest first: digits of `country`, or an international number with a plus. */
export function readingsOf(text: string, country?: CountryCode): string[] {
  const plain = withoutTypography(text)
  if (!/^\+?\d+$/.test(plain)) return []
  // WhatsApp and old phone books still write the 1 that Mexico gave up in 2019.
  if (plain.startsWith('+521') && plain.length === 14) return [`+52${plain.slice(4)}`, plain]
  const readings = [plain]
  const dialled = /^(?:0011|00|011)(\d+)$/.exec(plain)
  if (dialled) readings.push(`+${dialled[1]}`)
  if (country && plain.startsWith(getCountryCallingCode(country))) readings.push(`+${plain}`)
  else if (country && standsApart(text, plain, country)) readings.push(`+${plain}`)
  return readings
}

/**
 * Another country's code without the plus counts only in a group of its own ("49 1512 345..."), before more
 * digits than `country` has: one digit too many must not make the number of somebody elsewhere.
 */
function standsApart(text: string, plain: string, country: CountryCode): boolean {
  if (plain.length < 11 || !/^[1-9]/.test(plain)) return false
  const read = parsePhoneNumberFromString(`+${plain}`, { extract: false })
  const first = /^\D*(\d+)\D/.exec(plainDigits(text))?.[1]
  const isPossible = parsePhoneNumberFromString(plain, {
    defaultCountry: country,
    extract: false,
  })?.isPossible()
  return !isPossible && first === read?.countryCallingCode
}

/** Without the characters at its end that match; in linear time, as no regular expression does it. */
function withoutEnd(text: string, ends: RegExp): string {
  let end = text.length
  while (end > 0 && ends.test(text[end - 1]!)) end--
  return text.slice(0, end)
}

/**
 * Copied numbers carry invisible marks (direction, variation selectors), digits and dashes of many kinds, and
 * stand in links and contact cards. The "(0)" of "+61 (0)412..." is the trunk prefix, which not all countries
 * have.
 */
function withoutTypography(text: string): string {
  return withoutEnd(withoutLink(plainDigits(text)), /[>"'\s]/)
    .replace(/^[<"'\s]+/, '')
    .replace(/[\p{M}\p{Cc}\p{So}]/gu, '')
    .replace(/[([]\s*0\s*[)\]]/g, '')
    .replace(/[\s()[\].\-/\\·•~_’'ー\p{Pd}\u2212\u2044]/gu, '')
    .replace(/^(\d+)\+$/, '+$1')
}

/**
 * The number in `tel:+61-412-345-678`, `TEL;TYPE=CELL:0412 345 678`, `Mobile: 0412 345 678` or
 * `https://wa.me/61412345678` (RFC 3966, RFC 6350, WhatsApp's click to chat).
 */
function withoutLink(text: string): string {
  const decoded = text.replaceAll(/%2B/gi, '+').replaceAll(/%20/g, ' ')
  const chat = /(?:wa\.me\/|[?&]phone=)\s*\+?([\d\s-]+)/i.exec(decoded)
  if (chat) return `+${chat[1]}`
  const [number = '', ...parameters] = decoded
    .replace(/^(?:item\d+\.)?[\p{L}\p{M}\s.]*[;:].*:|^[^\d+:]*:(?:\/\/)?/u, '')
    .split('?', 1)[0]!
    .split(';')
  if (parameters.some((one) => /^\s*ext=/i.test(one))) return ''
  const context = parameters.map((one) => /^\s*phone-context=(\+\d+)/i.exec(one)?.[1]).find(Boolean)
  return context && !number.trim().startsWith('+') ? context + number : number
}
