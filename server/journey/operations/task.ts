// How an operator can decide a task.

export const decisions = [
  'held', // both came
  'member_absent',
  'host_absent',
  'decided_for_host', // a report ended the session: the host is paid
  'decided_for_member', // a report ended the session: it is given back
  'try_again', // a refund that Stripe or the bank would not make
] as const
export type Decision = (typeof decisions)[number]

/** Whether it says who came to a session. */
export function isAboutAttendance(
  decision: Decision | undefined,
): decision is 'held' | 'member_absent' | 'host_absent' {
  return decision === 'held' || decision === 'member_absent' || decision === 'host_absent'
}
