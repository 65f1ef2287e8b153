// What the API answers to operators about one purchase: everything that is known of it.
import { z } from 'zod'
import { currencies } from '../../lib/money.ts'
import { bookingStates } from '../bookings/booking.ts'
import { roles } from '../members/role.ts'
import { messageStatuses } from '../messages/message.ts'
import { disputeStatuses } from '../money/dispute.ts'
import { shownPayoutStatuses } from '../payouts/payout.ts'
import { planTypes } from '../plans/plan.ts'
import { ledgerAccounts, postingKinds } from '../purchases/ledger.ts'
import { purchaseStatuses } from '../purchases/purchase.ts'
import { refundSources, refundStatuses } from '../refunds/refund.ts'

const instant = z.iso.datetime()

const session = z.object({
  id: z.uuid(),
  position: z.int(),
  state: z.enum(bookingStates),
  outcome: z.enum(['held', 'member_no_show', 'host_no_show', 'late_cancellation', 'unknown']).nullable(),
  hostName: z.string(),
  start: instant.nullable(),
  amountCents: z.int(),
  leftCents: z.int(),
  hostCents: z.int(),
  payoutStatus: z.enum(shownPayoutStatuses),
  payoutFailure: z.string().nullable(),
  reversedCents: z.int(),
  transferId: z.string().nullable(),
  /** How an operator paid the share outside Stripe. */
  paidReference: z.string().nullable(),
  attendance: z.array(z.object({ role: z.enum(roles), joinedAt: instant, leftAt: instant.nullable() })),
})

const refund = z.object({
  id: z.uuid(),
  amountCents: z.int(),
  reason: z.string(),
  source: z.enum(refundSources),
  requestedBy: z.string().nullable(),
  status: z.enum(refundStatuses),
  failure: z.string().nullable(),
  createdAt: instant,
})

const dispute = z.object({
  amountCents: z.int(),
  reason: z.string(),
  status: z.enum(disputeStatuses),
  evidenceDueAt: instant.nullable(),
  openedAt: instant,
})

const message = z.object({
  template: z.string(),
  recipient: z.enum([...roles, 'operator']),
  body: z.string(),
  status: z.enum(messageStatuses),
  sentAt: instant.nullable(),
})

const posting = z.object({
  kind: z.enum(postingKinds),
  postedAt: instant,
  entries: z.array(z.object({ account: z.enum(ledgerAccounts), amountCents: z.int() })),
})

export const purchaseFileView = z.object({
  id: z.uuid(),
  status: z.enum(purchaseStatuses),
  plan: z.enum(planTypes),
  amountCents: z.int(),
  leftCents: z.int(),
  currency: z.enum(currencies),
  chargeId: z.string().nullable(),
  receiptUrl: z.string().nullable(),
  paidAt: instant.nullable(),
  payoutsStopped: z.string().nullable(),
  terms: z.record(z.string(), z.unknown()),
  member: z.object({
    id: z.uuid(),
    fullName: z.string(),
    /** Null for a former member, of whom only the money is known. */
    mobileNumber: z.string().nullable(),
    email: z.string().nullable(),
    /** Why the member is suspended; null for who is not. */
    suspendedReason: z.string().nullable(),
  }),
  bookings: z.array(session),
  refunds: z.array(refund),
  disputes: z.array(dispute),
  messages: z.array(message),
  postings: z.array(posting),
})
export type PurchaseFile = z.infer<typeof purchaseFileView>
