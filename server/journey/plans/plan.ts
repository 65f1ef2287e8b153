// What is sold, and the rules it is sold under. All of it is data; a purchase keeps a copy (`Terms`), so that
// a later change of price or rule never touches what somebody has already paid for.
import { type Currency, percentOf, splitEvenly } from '../../lib/money.ts'

export const planTypes = ['Adhoc', 'Weekly'] as const
export type PlanType = (typeof planTypes)[number]

export type Terms = {
  plan: PlanType
  priceCents: number
  currency: Currency
  sessions: number
  sessionMinutes: number
  validDays: number
  hostSharePercent: number
  /** Sessions may be held with any host, not only the one chosen at payment. */
  anyHost: boolean
  /** Cancelling or moving costs nothing until this many hours before the start. */
  freeChangeHours: number
  /** Added to the validity when the host cancels or does not come. */
  hostFailureExtensionDays: number
  /** A warning goes out this long before an unused session expires. */
  expiryWarningHours: number
}

const shared = {
  currency: 'AUD',
  sessionMinutes: 10,
  freeChangeHours: 12,
  hostFailureExtensionDays: 7,
  expiryWarningHours: 24,
} as const

export const plans: Record<PlanType, Terms> = {
  Adhoc: {
    plan: 'Adhoc',
    priceCents: 1800,
    sessions: 1,
    validDays: 30,
    hostSharePercent: 67,
    anyHost: false,
    ...shared,
  },
  Weekly: {
    plan: 'Weekly',
    priceCents: 4000,
    sessions: 3,
    validDays: 7,
    hostSharePercent: 75,
    anyHost: true,
    ...shared,
  },
}

/** Length of a session bought today; the length of a paid one is in its terms. */
export const sessionMinutes: number = shared.sessionMinutes

export function isPlanType(text: string): text is PlanType {
  return Object.hasOwn(plans, text)
}

/** One session's part of a purchase, in cents. `hostCents + platformCents === amountCents`. */
export type Part = { amountCents: number; hostCents: number; platformCents: number }

/**
 * The parts of a purchase, one for each session. Amounts sum to the price. The host's part is the same for
 * every session (Weekly: 10.00 of 13.34, 13.33 and 13.33); the platform gets what rounding leaves.
 */
export function partsOf(terms: Terms): Part[] {
  const hostCents = Math.floor(percentOf(terms.priceCents, terms.hostSharePercent) / terms.sessions)
  return splitEvenly(terms.priceCents, terms.sessions).map((amountCents) => ({
    amountCents,
    hostCents,
    platformCents: amountCents - hostCents,
  }))
}
