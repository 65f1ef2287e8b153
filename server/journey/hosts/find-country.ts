// A host's country, as people write it into Airtable, or by the time zone where it is not written.
import { getCountries } from 'libphonenumber-js/mobile'
import type { CountryCode } from '../../lib/phone-number.ts'
import type { Place } from './host.ts'

const countryCodes = getCountries()
const englishNames = new Intl.DisplayNames('en', { type: 'region' })
const byName = new Map(countryCodes.map((code) => [englishNames.of(code)?.toLowerCase(), code]))
const byZone = new Map(
  countryCodes.flatMap((code) => zonesOf(code).map((zone): [string, CountryCode] => [zone, code])),
)

/** The ISO code of a place; undefined where neither its country nor its zone is known. */
export function findCountry({ country, timeZone }: Place): CountryCode | undefined {
  const code = countryCodes.find((one) => one === country.toUpperCase())
  const canonical = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
  return byName.get(country.toLowerCase()) ?? code ?? byZone.get(canonical)
}

/** `New Zealand` for `NZ`. */
export const countryName = (code: string) => englishNames.of(code) ?? code

function zonesOf(code: CountryCode): string[] {
  const region = new Intl.Locale(`und-${code}`)
  const read = 'getTimeZones' in region ? (region.getTimeZones as () => string[] | undefined) : undefined
  return read?.call(region) ?? []
}
