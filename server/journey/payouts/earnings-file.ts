// A host's earnings for a spreadsheet: comma-separated values (RFC 4180), one line a session.
import { centsToAmount } from '../../lib/money.ts'
import { csvFile } from './csv.ts'
import type { Earnings } from './earnings-view.ts'

const columns = [
  'Session',
  'Start (UTC)',
  'Member',
  'Plan',
  'Share (AUD)',
  'Given back (AUD)',
  'Payable (AUD)',
  'Status',
  'Due (UTC)',
  'Paid (UTC)',
  'Taken back (AUD)',
  'Transfer',
]

export function earningsFile(earnings: Earnings): string {
  const lines = earnings.sessions.map((one) => [
    one.bookingId,
    one.start,
    one.memberName,
    one.plan,
    centsToAmount(one.shareCents).toFixed(2),
    centsToAmount(one.givenBackCents).toFixed(2),
    centsToAmount(one.payableCents).toFixed(2),
    one.isOnHold ? 'on hold' : one.status.replaceAll('_', ' '),
    one.dueAt,
    one.paidAt,
    centsToAmount(one.reversedCents).toFixed(2),
    one.transferId,
  ])
  return csvFile([columns, ...lines])
}
