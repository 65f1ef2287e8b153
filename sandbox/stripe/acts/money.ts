import { daySeconds } from '../../core/durations.ts'

/** Card money is pending this long before it is available. */
export const pendingSeconds = 2 * daySeconds

/** Cards of Australia: 1.7 % + A$0.30, tax included. */
export const cardFeeCents = (amountCents: number): number => Math.round((amountCents * 17) / 1000) + 30

/** What each dispute costs, won or lost. */
export const disputeFeeCents = 2500

/** A$18.00 */
export const inDollars = (cents: number): string =>
  `${cents < 0 ? '-' : ''}A$${(Math.abs(cents) / 100).toFixed(2)}`
