// A payout, as rules: the host's share of one booking, and how far it got.
import type { BookingState } from '../bookings/booking.ts'

const payoutStatuses = [
  'waiting_for_onboarding',
  'scheduled',
  'paid',
  'reversed',
  'failed',
  // An operator paid it outside Stripe, and noted how.
  'paid_otherwise',
] as const

/** As a booking shows it: `none` before there is a payout. */
export const shownPayoutStatuses = ['none', ...payoutStatuses] as const
export type ShownPayoutStatus = (typeof shownPayoutStatuses)[number]

/** How far a host's onboarding at Stripe has come. */
export const onboardingStatuses = ['not_started', 'started', 'complete'] as const

/** What the host is owed for a booking: the share of what has not been refunded. */
export function owedFor(booking: {
  state: BookingState
  hostCents: number
  hostRefundedCents: number
}): number {
  return booking.state === 'completed' ? booking.hostCents - booking.hostRefundedCents : 0
}
