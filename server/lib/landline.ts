// Which numbers are landlines. The metadata for that is large, so the sign-in page loads this only for a
// number that cannot be read as a mobile one.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { type CountryCode, readingsOf } from './phone-number.ts'

/** Whether the text is a valid number that is no mobile one: a landline, a freephone or a service number. */
export function isLandline(text: string, country?: CountryCode): boolean {
  return readingsOf(text, country).some((reading) => {
    const number = parsePhoneNumberFromString(reading, { defaultCountry: country, extract: false })
    const type = number?.isValid() ? number.getType() : undefined
    return type !== undefined && type !== 'MOBILE' && type !== 'FIXED_LINE_OR_MOBILE'
  })
}
