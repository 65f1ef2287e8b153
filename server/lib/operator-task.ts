// What kinds of things wait for an operator.

export const operatorTaskKinds = [
  'attendance_unknown',
  'payment_mismatch',
  'payout_failed',
  'refund_failed',
  'report',
  'dispute',
  'money_difference',
  'setup',
  'job_failed',
  'calendar',
  'security',
  'contact',
] as const
export type OperatorTaskKind = (typeof operatorTaskKinds)[number]
