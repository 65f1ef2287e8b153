// Where a host lives, as people write it into Airtable.
import { ianaOf } from '../../integrations/icalendar/zones.ts'
import { zoneIn } from '../members/member.ts'
import type { Place } from './host.ts'

/**
 * The country and the IANA zone in `Australia / Australia/Sydney`; the zone also alone, in other letters, by
 * its city or by its Windows name. Undefined where no zone is found.
 */
export function readPlace(cell: string): Place | undefined {
  const plain = withoutTypography(cell)
  const parts = plain.split(/ [/|–—-] | ?[|,;:] /)
  for (let at = 1; at < parts.length; at++) {
    const country = parts.slice(0, at).join(', ')
    const timeZone = zoneNamed(parts.slice(at).join(' / '), country)
    if (timeZone) return { country, timeZone }
  }
  // `Australia/Australia/Sydney`, with no blank around the first slash.
  const slash = plain.indexOf('/')
  const [before, rest] = [plain.slice(0, Math.max(slash, 0)), plain.slice(slash + 1)]
  if (slash > 0 && rest.includes('/') && !zoneIn(plain.replaceAll(' ', '_'))) {
    const timeZone = zoneNamed(rest, before)
    if (timeZone) return { country: before.trim(), timeZone }
  }
  const timeZone = zoneNamed(plain, '')
  return timeZone === undefined ? undefined : { country: '', timeZone }
}

function withoutTypography(cell: string): string {
  return cell
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu, '')
    .replace(/[\u2044\u2215]/g, '/')
    .replace(/\s+/g, ' ')
    .trim()
}

function zoneNamed(name: string, country: string): string | undefined {
  const underscored = name.trim().replaceAll(' ', '_')
  const named =
    ianaOf(underscored) ?? ianaOf(name) ?? ianaOf(`${country}/${underscored}`) ?? cities.get(plainCity(name))
  return named && zoneIn(named)
}

const plainCity = (name: string) => name.trim().replaceAll(/[_ ]+/g, ' ').toLowerCase()

/** Zones by their city, where only one zone has it. */
const cities = new Map<string, string>()
for (const zone of Intl.supportedValuesOf('timeZone')) {
  const city = plainCity(zone.split('/').at(-1)!)
  if (zone.includes('/')) cities.set(city, cities.has(city) ? '' : zone)
}
