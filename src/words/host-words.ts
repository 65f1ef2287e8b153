// Words for hosts about the facts of a session.
import type { Currency } from '../../server/lib/money.ts'
import type { HostSession } from '../../server/journey/payouts/host-dashboard-view.ts'
import type { ShownPayoutStatus } from '../../server/journey/payouts/payout.ts'
import type { EarnedSession } from '../../server/journey/payouts/earnings-view.ts'
import { day, firstName, midSentence, money } from './format.ts'

export const payoutText: Record<ShownPayoutStatus, string> = {
  none: '',
  waiting_for_onboarding: 'Waiting for your details',
  scheduled: 'On its way',
  paid: 'Paid',
  reversed: 'Taken back',
  failed: "We're looking into it",
  paid_otherwise: 'Paid',
}

export function hostOutcomeText(session: HostSession): string {
  const name = firstName(session.member.fullName)
  if (session.state === 'cancelled') return 'Cancelled'
  switch (session.outcome) {
    case 'held':
      return 'You met'
    case 'member_no_show':
      return `${name} didn't come`
    case 'host_no_show':
      return 'You missed this one'
    case 'late_cancellation':
      return `${name} cancelled late`
    case 'unknown':
      return "We're checking what happened"
    case null:
      return session.state === 'completed' ? 'Done' : 'Wrapping up'
  }
}

/** The state of one share in a word or two. */
export function payoutStatusText(session: Pick<EarnedSession, 'status' | 'isOnHold'>): string {
  return session.isOnHold ? 'On hold' : payoutText[session.status]
}

/** Details of a share: when it is due or was paid, what was taken back, why it waits. Often empty. */
export function payoutNote(session: EarnedSession, currency: Currency, zone: string, now: Date): string {
  const givenBack =
    session.givenBackCents > 0
      ? `${money(session.givenBackCents, currency)} of it went back with a refund to the member.`
      : ''
  if (session.isOnHold) return 'The payment is being questioned. You are paid as soon as that is settled.'
  switch (session.status) {
    case 'paid': {
      const takenBack =
        session.reversedCents > 0
          ? `${money(session.reversedCents, currency)} was taken back after a refund to the member.`
          : givenBack
      return [session.paidAt ? `Sent ${midSentence(day(session.paidAt, zone, now))}.` : '', takenBack]
        .filter(Boolean)
        .join(' ')
    }
    case 'scheduled': {
      const isAhead = session.dueAt !== null && Date.parse(session.dueAt) > now.getTime()
      return [isAhead ? `Due ${midSentence(day(session.dueAt!, zone, now))}.` : '', givenBack]
        .filter(Boolean)
        .join(' ')
    }
    case 'reversed':
      return 'The member got all of their money back, so nothing is owed for this session.'
    case 'failed':
      return 'Stripe could not pay this out yet. You do not need to do anything.'
    case 'paid_otherwise':
      return session.paidAt
        ? `Paid to you outside Stripe ${midSentence(day(session.paidAt, zone, now))}.`
        : ''
    case 'waiting_for_onboarding':
    case 'none':
      return givenBack
  }
}
