// What a session's facts mean to the host who reads them.
import type { HostSession, PayoutStatus } from './api-types.ts'
import { firstName } from './format.ts'

export const payoutText: Record<PayoutStatus, string> = {
  none: '',
  waiting_for_onboarding: 'Waiting for your details',
  scheduled: 'On its way',
  paid: 'Paid',
  reversed: 'Taken back',
  failed: "We're looking into it",
}

export function hostOutcomeText(session: HostSession): string {
  const name = firstName(session.member.fullName)
  if (session.state === 'cancelled') return 'Cancelled'
  switch (session.outcome) {
    case 'held': return 'Held'
    case 'member_no_show': return `${name} didn't come`
    case 'host_no_show': return 'You missed this one'
    case 'late_cancellation': return `${name} cancelled late`
    case 'unknown': return "We're checking what happened"
    case null: return session.state === 'completed' ? 'Done' : 'Wrapping up'
  }
}
