// Money is integer cents with a currency, never a fraction of a cent.

export const currencies = ['AUD'] as const
export type Currency = (typeof currencies)[number]

/** `percent` of `cents`, rounded half up to whole cents. `percent` is a whole number from 0 to 100. */
export function percentOf(cents: number, percent: number): number {
  requireCents(cents)
  requireCents(cents * 100) // so that the product below is exact
  if (!Number.isInteger(percent) || percent < 0 || percent > 100)
    throw new RangeError(`not a percentage: ${percent}`)
  return Math.floor((cents * percent + 50) / 100)
}

/** Splits `cents` into `parts` parts of whole cents that differ by at most one cent, the larger first. */
export function splitEvenly(cents: number, parts: number): number[] {
  requireCents(cents)
  if (!Number.isInteger(parts) || parts < 1) throw new RangeError(`not a number of parts: ${parts}`)
  const base = Math.floor(cents / parts)
  const larger = cents - base * parts
  return Array.from({ length: parts }, (_, index) => base + (index < larger ? 1 : 0))
}

/** For people: `formatMoney(1800, 'AUD', 'en-AU')` is "$18.00". */
export function formatMoney(cents: number, currency: Currency, locale = 'en-AU'): string {
  requireCents(cents)
  const key = `${locale} ${currency}`
  const formatter = formatters.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency })
  formatters.set(key, formatter)
  return formatter.format(cents / 100)
}

// Making a formatter takes far longer than using it.
const formatters = new Map<string, Intl.NumberFormat>()

/** For machines and spreadsheets: 1800 is 18, 1334 is 13.34. */
export function centsToAmount(cents: number): number {
  requireCents(cents)
  return cents / 100
}

function requireCents(cents: number): void {
  if (!Number.isSafeInteger(cents)) throw new RangeError(`not whole cents: ${cents}`)
}
