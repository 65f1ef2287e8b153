import { expect, test } from 'vitest'
import { plans } from '../../server/journey/plans/plan.ts'
import { centsOf, disputeText, payoutFacts, refundFacts, sessionFacts, termsText } from './ops-words.ts'

const now = new Date('2030-05-01T00:00:00Z')
/** Australian dollars are "A$" to readers elsewhere. */
const plain = (text: string) => text.replaceAll('A$', '$')
const session = {
  id: 'b',
  position: 1,
  state: 'completed' as const,
  outcome: 'held' as const,
  hostName: 'Ruby',
  start: null,
  amountCents: 1800,
  leftCents: 900,
  hostCents: 603,
  payoutStatus: 'paid' as const,
  payoutFailure: null,
  paidReference: null,
  reversedCents: 603,
  transferId: 'tr',
  attendance: [],
}

test('amounts are parsed as typed, and anything else is refused', () => {
  expect(['12', '12.5', '12,50', '$12.05', ' 0.01 '].map(centsOf)).toEqual([1200, 1250, 1250, 1205, 1])
  expect(['', '-1', '1.234', 'ten', '1e3', '12.', '99999999'].map(centsOf)).toEqual(
    Array.from({ length: 7 }, () => undefined),
  )
})

test('an operator reads the state of a session, its share and its refunds', () => {
  expect(plain(sessionFacts(session, 'AUD', 'UTC', now))).toBe('Done: held · $9.00 of $18.00 given back')
  expect(plain(payoutFacts(session, 'AUD'))).toBe("Host's share $6.03: paid · $6.03 taken back")
  const refund = {
    id: 'r',
    amountCents: 900,
    reason: 'late',
    source: 'operator' as const,
    requestedBy: '+61491578888',
    failure: 'charge_disputed',
    createdAt: now.toISOString(),
  }
  expect(refundFacts({ ...refund, status: 'failed' }, 'UTC', now)).toMatch(
    /^Not made: still owed.*by an operator \(\+61491578888\).*charge_disputed$/,
  )
})

test('a dispute names its deadline, and the terms say what was agreed', () => {
  const dispute = {
    amountCents: 1800,
    reason: 'product_not_received',
    status: 'open' as const,
    evidenceDueAt: '2030-05-10T00:00:00Z',
    openedAt: now.toISOString(),
  }
  expect(disputeText(dispute, 'AUD', 'UTC', now)).toMatch(
    /\$18\.00 \(product not received\).*until .*(10 May|May 10)/,
  )
  expect(termsText(plans.Weekly, 'AUD').join(' ')).toMatch(
    /3 sessions of 10 minutes for A?\$40\.00, valid for 7 days.*12 hours.*7 more days/,
  )
})
