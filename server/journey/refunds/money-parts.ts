// How a refund is split over the sessions of a purchase, and the host's share of the rest. Pure; whole cents
// only.
import type { BookingState } from '../bookings/booking.ts'

export type PaidBooking = {
  id: string
  position: number
  state: BookingState
  amountCents: number
  hostCents: number
  refundedCents: number
  hostRefundedCents: number
}

export type RefundPart = { bookingId: string; amountCents: number; hostCents: number }

/** The cents of a booking's price that have not been refunded. */
export function leftOf(booking: PaidBooking): number {
  return booking.amountCents - booking.refundedCents
}

/** The host's share of `leftCents`, in proportion to the share of the whole, rounded half up to cents. */
export function hostShareOf(
  booking: Pick<PaidBooking, 'amountCents' | 'hostCents'>,
  leftCents: number,
): number {
  if (booking.amountCents === 0) return 0
  return Math.floor((2 * leftCents * booking.hostCents + booking.amountCents) / (2 * booking.amountCents))
}

/** The part of a booking that a refund of `amountCents` takes, with the host's share of it. */
export function partOf(booking: PaidBooking, amountCents: number): RefundPart {
  const hostLeft = hostShareOf(booking, leftOf(booking) - amountCents)
  return {
    bookingId: booking.id,
    amountCents,
    hostCents: booking.hostCents - booking.hostRefundedCents - hostLeft,
  }
}

// Refund unused sessions first and delivered ones last; among equals the last session first.
const order: BookingState[] = ['pending', 'created', 'cancelled', 'expired', 'completed']

/**
 * The parts of a refund over the sessions of one purchase, summing to `amountCents`. Undefined where less is
 * left.
 */
export function refundParts(bookings: readonly PaidBooking[], amountCents: number): RefundPart[] | undefined {
  const sorted = [...bookings].sort(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.position - a.position,
  )
  const parts: RefundPart[] = []
  let open = amountCents
  for (const booking of sorted) {
    const taken = Math.min(open, leftOf(booking))
    if (taken > 0) parts.push(partOf(booking, taken))
    open -= taken
  }
  return open === 0 ? parts : undefined
}
