// A host's mobile number, as people write it into Airtable.
import { getCountries } from 'libphonenumber-js/mobile'
import { isLandline } from '../../lib/landline.ts'
import { type CountryCode, readMobileNumber } from '../../lib/phone-number.ts'
import { plainDigits } from '../../lib/plain-digits.ts'
import type { Place, Unreadable } from './host.ts'

/**
 * A number without its country code is one of the country where the host lives. An empty cell is no number.
 */
export function readNumber(cell: string, place: Place): { number: string | null } | Unreadable {
  if (plainDigits(cell).trim() === '') return { number: null }
  const country = countryOf(place)
  const number = readMobileNumber(cell, country)
  if (number) return { number }
  const shown = `the mobile number "${cell.slice(0, 40)}"`
  if (isLandline(cell, country))
    return { unreadable: `has ${shown}, which is a landline and receives no texts` }
  return { unreadable: `has ${shown}, which cannot be read (write it like +61 412 345 678)` }
}

const countryCodes = getCountries()
const englishNames = new Intl.DisplayNames('en', { type: 'region' })
const byName = new Map(countryCodes.map((code) => [englishNames.of(code)?.toLowerCase(), code]))
const byZone = new Map(
  countryCodes.flatMap((code) => zonesOf(code).map((zone): [string, CountryCode] => [zone, code])),
)

function countryOf({ country, timeZone }: Place): CountryCode | undefined {
  const code = countryCodes.find((one) => one === country.toUpperCase())
  const canonical = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
  return byName.get(country.toLowerCase()) ?? code ?? byZone.get(canonical)
}

function zonesOf(code: CountryCode): string[] {
  const region = new Intl.Locale(`und-${code}`)
  const read = 'getTimeZones' in region ? (region.getTimeZones as () => string[] | undefined) : undefined
  return read?.call(region) ?? []
}
