// Mobile numbers by libphonenumber-js. Its `mobile` metadata knows which numbers are mobile in each country, so that a
// misread number is refused instead of being somebody else's landline: with `min`, "49 1512..." read in Germany is valid.
import { type CountryCode, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/mobile'

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
 * The E.164 form of a number that a person typed or pasted, or null. A number without a country code of its own
 * (+, 00, or the code without the plus) is one of `country`; a trunk prefix is left out wherever it stands.
 */
export function readMobileNumber(text: string, country?: CountryCode): string | null {
  const plain = withoutTypography(text)
  if (!/^\+?\p{Nd}+$/u.test(plain)) return null
  const readings = [plain]
  if (plain.startsWith('00')) readings.push(`+${plain.slice(2)}`)
  if (country && plain.startsWith(getCountryCallingCode(country))) readings.push(`+${plain}`)
  for (const reading of readings) {
    const number = parsePhoneNumberFromString(reading, { defaultCountry: country, extract: false })
    if (number?.isValid()) return number.number
  }
  return null
}

/**
 * Copied numbers carry invisible marks (direction, variation selectors), wide digits and dashes of many kinds.
 * The "(0)" of "+61 (0)412..." is the trunk prefix, which some countries do not have.
 */
function withoutTypography(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Mn}]/gu, '')
    .replace(/\(\s*0\s*\)/g, '')
    .replace(/[\s().\-/\p{Pd}\u2212]/gu, '')
}
