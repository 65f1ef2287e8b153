// The shapes of the HTTP API about money, as the pages use them. Times are ISO strings in UTC, money is
// integer cents.
import type { BookingState, Outcome } from '../../server/journey/bookings/booking.ts'
import type { Currency, PayoutStatus, PlanType, PurchaseStatus } from './api-types.ts'

export type EarnedSession = {
  bookingId: string
  memberName: string
  plan: PlanType
  start: string | null
  completedAt: string | null
  shareCents: number
  givenBackCents: number
  payableCents: number
  status: PayoutStatus
  isOnHold: boolean
  dueAt: string | null
  paidAt: string | null
  reversedCents: number
}

export type Earnings = {
  currency: Currency
  pendingCents: number
  availableCents: number
  paidCents: number
  canOpenDashboard: boolean
  sessions: EarnedSession[]
}

export type FoundPurchase = {
  id: string
  memberName: string
  memberNumber: string
  plan: PlanType
  amountCents: number
  refundedCents: number
  currency: Currency
  status: 'paid' | 'refunded'
  paidAt: string
  isDisputed: boolean
  isStopped: boolean
}

export type RefundStatus = 'requested' | 'pending' | 'succeeded' | 'failed'

export type PurchaseFile = {
  id: string
  status: PurchaseStatus
  plan: PlanType
  amountCents: number
  leftCents: number
  currency: Currency
  chargeId: string | null
  receiptUrl: string | null
  paidAt: string | null
  payoutsStopped: string | null
  terms: Record<string, unknown>
  member: { fullName: string; mobileNumber: string; email: string | null }
  bookings: {
    id: string
    position: number
    state: BookingState
    outcome: Outcome | null
    hostName: string
    start: string | null
    amountCents: number
    leftCents: number
    hostCents: number
    payoutStatus: PayoutStatus
    payoutFailure: string | null
    reversedCents: number
    transferId: string | null
    attendance: { role: 'host' | 'member'; joinedAt: string; leftAt: string | null }[]
  }[]
  refunds: {
    id: string
    amountCents: number
    reason: string
    source: 'member' | 'operator' | 'stripe'
    requestedBy: string | null
    status: RefundStatus
    failure: string | null
    createdAt: string
  }[]
  disputes: {
    amountCents: number
    reason: string
    status: 'open' | 'won' | 'lost'
    evidenceDueAt: string | null
    openedAt: string
  }[]
  messages: {
    template: string
    recipient: 'host' | 'member'
    body: string
    status: string
    sentAt: string | null
  }[]
  postings: { kind: string; postedAt: string; entries: { account: string; amountCents: number }[] }[]
}

export type Receipt = {
  number: string
  isTaxInvoice: boolean
  seller: { name: string; abn: string | null }
  memberName: string
  description: string
  paidAt: string
  amountCents: number
  gstCents: number
  refundedCents: number
  currency: Currency
  receiptUrl: string | null
}
