// A host's mobile number, as people write it into Airtable.
import { isLandline } from '../../lib/landline.ts'
import { readMobileNumber } from '../../lib/phone-number.ts'
import { plainDigits } from '../../lib/plain-digits.ts'
import { findCountry } from './find-country.ts'
import type { Place, Unreadable } from './host.ts'

/**
 * A number without its country code is one of the country where the host lives. An empty cell is no number.
 */
export function readNumber(cell: string, place: Place): { number: string | null } | Unreadable {
  if (plainDigits(cell).trim() === '') return { number: null }
  const country = findCountry(place)
  const number = readMobileNumber(cell, country)
  if (number) return { number }
  const shown = `the mobile number "${cell.slice(0, 40)}"`
  if (isLandline(cell, country))
    return { unreadable: `has ${shown}, which is a landline and receives no texts` }
  return { unreadable: `has ${shown}, which cannot be read (write it like +61 412 345 678)` }
}
