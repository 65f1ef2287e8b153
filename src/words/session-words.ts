// Words for members about the facts of a session, in one sentence each.
import type { Host } from '../../server/journey/hosts/host-view.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { day, firstName, midSentence, money, span, when } from './format.ts'
import { dayMs, hourMs } from './clock.ts'

export const planNames = { Adhoc: 'One session', Weekly: 'Weekly pack' } as const

export function positionText(booking: Booking): string {
  return booking.sessionsInPurchase > 1
    ? `Session ${booking.position} of ${booking.sessionsInPurchase} in your weekly pack`
    : 'Single session'
}

/** How a past session ended. */
export function outcomeText(booking: Booking): string {
  if (booking.state === 'cancelled') return booking.refundStatus === null ? 'Cancelled' : refundText(booking)
  if (booking.state === 'expired') return 'Expired unused'
  switch (booking.outcome) {
    case 'held':
      return 'You met'
    case 'member_no_show':
      return 'You missed this one'
    case 'host_no_show':
      return `${firstName(booking.host.fullName)} didn't come`
    case 'late_cancellation':
      return 'Cancelled late'
    case 'unknown':
      return "We're checking what happened"
    case null:
      return 'Done'
  }
}

export function isStillFree(booking: Booking, now: Date): boolean {
  return booking.freeChangeUntil !== null && now.getTime() <= Date.parse(booking.freeChangeUntil)
}

/** The hours before the start until which a change is free, by the terms of this purchase. */
export function freeChangeHours(booking: Booking): number {
  if (!booking.start || !booking.freeChangeUntil) return 12
  return Math.round((Date.parse(booking.start) - Date.parse(booking.freeChangeUntil)) / hourMs)
}

/** How far ahead a host must move a session, so that the member can still cancel for free. */
export function hostLeadHours(booking: Booking): number {
  return freeChangeHours(booking.wasMovedByHost ? { ...booking, freeChangeUntil: null } : booking)
}

/** The consequence of cancelling now, stated before it is done. */
/** Why a host cannot be booked now; empty where they can, or where nobody knows. */
export function noTimesText(availability: Host['availability']): string {
  if (availability === 'no_times_yet') return 'No times yet'
  return availability === 'none' ? 'No free times in the next 30 days' : ''
}

export function cancelConsequence(booking: Booking, zone: string, now: Date): string {
  const host = firstName(booking.host.fullName)
  return isStillFree(booking, now)
    ? `This costs nothing. The session comes back to you, to use until ${midSentence(when(booking.validUntil, zone, now))}.`
    : `The start is less than ${freeChangeHours(booking)} hours away. If you cancel now, the session is used up ` +
        `and ${host} is paid. It can't be refunded.`
}

export function refundConsequence(booking: Booking): string {
  const amount = money(booking.amountCents - booking.refundedCents, booking.currency)
  return booking.sessionsInPurchase > 1
    ? `You get ${amount} back, this session's part of the pack. Your other sessions stay as they are.`
    : `You get ${amount} back, all of what you paid.`
}

/** Where the refunded money is; empty without a refund. */
export function refundText(booking: Pick<Booking, 'refundStatus' | 'refundedCents' | 'currency'>): string {
  const amount = money(booking.refundedCents, booking.currency)
  switch (booking.refundStatus) {
    case 'done':
      return `${amount} refunded`
    case 'on_its_way':
      return `${amount} on its way back to you`
    case 'delayed':
      return `Your refund of ${amount} is delayed; we're on it`
    case null:
      return ''
  }
}

/** "Use by Friday", with the hours on the last day. */
export function expiryText(validUntil: string, zone: string, now: Date): { text: string; isUrgent: boolean } {
  const left = Date.parse(validUntil) - now.getTime()
  if (left <= 0) return { text: 'Expired', isUrgent: true }
  if (left < dayMs) return { text: `Expires in ${span(left)}`, isUrgent: true }
  return { text: `Use by ${midSentence(day(validUntil, zone, now))}`, isUrgent: false }
}
