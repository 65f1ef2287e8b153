// Words for operators about the facts of one purchase.
import type { Currency } from '../../server/lib/money.ts'
import type { PurchaseFile } from '../../server/journey/operations/purchase-file-view.ts'
import { midSentence, money, when } from '../words/format.ts'
import { payoutText } from '../words/host-words.ts'

type Session = PurchaseFile['bookings'][number]
type Refund = PurchaseFile['refunds'][number]
type Dispute = PurchaseFile['disputes'][number]

/** "12.50", "12,5" or "12" as cents; undefined for anything else. */
export function centsOf(text: string): number | undefined {
  const parts = /^\$?\s*(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(text.trim())
  return parts ? Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0')) : undefined
}

const states = {
  pending: 'No time yet',
  created: 'Scheduled',
  completed: 'Done',
  cancelled: 'Cancelled',
  expired: 'Expired unused',
} as const
const outcomes = {
  held: 'held',
  member_no_show: 'the member did not come',
  host_no_show: 'the host did not come',
  late_cancellation: 'cancelled late by the member',
  unknown: 'attendance unknown',
} as const

export function sessionFacts(session: Session, currency: Currency, zone: string, now: Date): string {
  const givenBack = session.amountCents - session.leftCents
  return [
    session.outcome ? `${states[session.state]}: ${outcomes[session.outcome]}` : states[session.state],
    session.start ? when(session.start, zone, now) : '',
    givenBack > 0
      ? `${money(givenBack, currency)} of ${money(session.amountCents, currency)} given back`
      : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

export function payoutFacts(session: Session, currency: Currency): string {
  if (session.payoutStatus === 'none') return ''
  return [
    `Host's share ${money(session.hostCents, currency)}: ${payoutText[session.payoutStatus].toLowerCase()}`,
    session.reversedCents > 0 ? `${money(session.reversedCents, currency)} taken back` : '',
    session.payoutFailure ?? '',
    session.paidReference ? `outside Stripe, ${session.paidReference}` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

const refundStates = {
  requested: 'Being made',
  pending: "On its way to the member's bank",
  succeeded: 'Made',
  failed: 'Not made: still owed to the member',
} as const
const sources = {
  member: 'by the member',
  operator: 'by an operator',
  stripe: "in Stripe's dashboard",
} as const

export function refundFacts(refund: Refund, zone: string, now: Date): string {
  const who = refund.requestedBy
    ? `${sources[refund.source]} (${refund.requestedBy})`
    : sources[refund.source]
  return [refundStates[refund.status], who, when(refund.createdAt, zone, now), refund.failure ?? '']
    .filter(Boolean)
    .join(' · ')
}

export function disputeText(dispute: Dispute, currency: Currency, zone: string, now: Date): string {
  const what = `The member's bank disputed ${money(dispute.amountCents, currency)} (${dispute.reason.replaceAll('_', ' ')}).`
  if (dispute.status === 'won') return `${what} It was won, and the money is back.`
  if (dispute.status === 'lost') return `${what} It was lost.`
  const until = dispute.evidenceDueAt ? ` until ${midSentence(when(dispute.evidenceDueAt, zone, now))}` : ''
  return `${what} Payouts are paused. Answer it in Stripe's dashboard${until}, with what stands under Evidence.`
}

/** The terms of the purchase as sentences. */
export function termsText(terms: Record<string, unknown>, currency: Currency): string[] {
  const number = (name: string) => (typeof terms[name] === 'number' ? terms[name] : 0)
  return [
    `${number('sessions') === 1 ? 'One session' : `${number('sessions')} sessions`} of ${number('sessionMinutes')} minutes for ${money(number('priceCents'), currency)}, valid for ${number('validDays')} days.`,
    `A session without a time can be refunded until it expires. Cancelling or moving is free until ${number('freeChangeHours')} hours before the start; later, or without coming, the session is used up.`,
    `A host who cancels or does not come gives the session back, with ${number('hostFailureExtensionDays')} more days to use it.`,
  ]
}
