// The countries that sign-in offers, and mobile numbers as people read them. Reading what somebody typed
// needs libphonenumber-js (server/lib/phone-number.ts), which only the sign-in page loads.
import type { CountryCode } from '../../server/lib/phone-number.ts'

export type Country = { code: CountryCode; name: string; prefix: string; example: string }

export const countries: Country[] = [
  { code: 'AU', name: 'Australia', prefix: '+61', example: '0412 345 678' },
  { code: 'NZ', name: 'New Zealand', prefix: '+64', example: '021 123 4567' },
  { code: 'BR', name: 'Brazil', prefix: '+55', example: '11 96123 4567' },
  { code: 'CA', name: 'Canada', prefix: '+1', example: '506 234 5678' },
  { code: 'FR', name: 'France', prefix: '+33', example: '06 12 34 56 78' },
  { code: 'DE', name: 'Germany', prefix: '+49', example: '01512 3456789' },
  { code: 'IN', name: 'India', prefix: '+91', example: '81234 56789' },
  { code: 'ID', name: 'Indonesia', prefix: '+62', example: '0812 345 678' },
  { code: 'IE', name: 'Ireland', prefix: '+353', example: '085 012 3456' },
  { code: 'IT', name: 'Italy', prefix: '+39', example: '312 345 6789' },
  { code: 'JP', name: 'Japan', prefix: '+81', example: '090 1234 5678' },
  { code: 'MY', name: 'Malaysia', prefix: '+60', example: '012 345 6789' },
  { code: 'MX', name: 'Mexico', prefix: '+52', example: '222 123 4567' },
  { code: 'NL', name: 'Netherlands', prefix: '+31', example: '06 12345678' },
  { code: 'NG', name: 'Nigeria', prefix: '+234', example: '0802 123 4567' },
  { code: 'PH', name: 'Philippines', prefix: '+63', example: '0905 123 4567' },
  { code: 'SG', name: 'Singapore', prefix: '+65', example: '8123 4567' },
  { code: 'ZA', name: 'South Africa', prefix: '+27', example: '071 123 4567' },
  { code: 'ES', name: 'Spain', prefix: '+34', example: '612 34 56 78' },
  { code: 'SE', name: 'Sweden', prefix: '+46', example: '070 123 45 67' },
  { code: 'CH', name: 'Switzerland', prefix: '+41', example: '078 123 45 67' },
  { code: 'GB', name: 'United Kingdom', prefix: '+44', example: '07400 123456' },
  { code: 'US', name: 'United States', prefix: '+1', example: '201 555 0123' },
]

/** "+61 412 345 678", so that a person can check it at a glance. */
export function readable(number: string): string {
  const prefix = [...countries]
    .sort((a, b) => b.prefix.length - a.prefix.length)
    .find((one) => number.startsWith(one.prefix))?.prefix
  if (!prefix) return number
  const rest = number.slice(prefix.length)
  const groups = rest.length === 9 ? [3, 3, 3] : rest.length === 11 ? [3, 4, 4] : [3, 3, 4]
  let from = 0
  const parts = groups.map((length) => rest.slice(from, (from += length)))
  return [prefix, ...parts, rest.slice(from)].filter((part) => part !== '').join(' ')
}
