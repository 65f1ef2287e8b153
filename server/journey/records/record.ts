// What Airtable shows of our rows: the fields of its tables, by name. Pure.
import { centsToAmount } from '../../lib/money.ts'
import type { BookingState } from '../bookings/booking.ts'
import type { RoomStatus } from '../bookings/room-window.ts'
import type { ShownPayoutStatus } from '../payouts/payout.ts'
import type { PurchaseStatus } from '../purchases/purchase.ts'
import type { RefundStatus } from '../refunds/refund.ts'

/** The tables that we write, in this order: members before the records that link to them. */
export const recordTables = ['Members', 'Presence Operations', 'Likes', 'Refunds'] as const
export type RecordTable = (typeof recordTables)[number]

export type OperationFacts = {
  id: string
  state: BookingState
  purchaseStatus: PurchaseStatus
  hostName: string
  memberName: string
  /** Null for a former host, whose row is deleted. */
  hostRecordId: string | null
  memberRecordId: string | null
  plan: string
  amountCents: number
  platformCents: number
  hostCents: number
  chargeId: string | null
  calBookingUid: string | null
  calBookingUrl: string | null
  startAt: Date | null
  sessionMinutes: number
  roomUrl: string | null
  roomStatus: RoomStatus
  hostJoinedAt: Date | null
  memberJoinedAt: Date | null
  payoutStatus: ShownPayoutStatus
  transferId: string | null
  payoutPaidAt: Date | null
  notificationStatus: string
}

const bookingStatus: Record<BookingState, string> = {
  pending: 'Pending',
  created: 'Created',
  completed: 'Completed',
  cancelled: 'Cancelled',
  expired: 'Expired',
}
const roomStatus: Record<RoomStatus, string> = {
  not_created: 'Not Created',
  active: 'Active',
  ended: 'Ended',
}
const payoutStatus: Record<ShownPayoutStatus, string> = {
  none: 'None',
  waiting_for_onboarding: 'Waiting for Onboarding',
  scheduled: 'Scheduled',
  paid: 'Paid',
  reversed: 'Reversed',
  failed: 'Failed',
  paid_otherwise: 'Paid',
}
const paymentStatus: Record<PurchaseStatus, string> = {
  open: 'Pending',
  paid: 'Completed',
  failed: 'Failed',
  expired: 'Failed',
  refunded: 'Refunded',
}

/** One row of `Presence Operations`. Null empties a cell. */
export function operationFields(facts: OperationFacts): Record<string, unknown> {
  return {
    'Presence ID': facts.id,
    'Booking Status': bookingStatus[facts.state],
    'Payment Status': facts.state === 'cancelled' ? 'Refunded' : paymentStatus[facts.purchaseStatus],
    'Host Name': facts.hostName,
    'Member Name': facts.memberName,
    'Linked Host': facts.hostRecordId ? [facts.hostRecordId] : [],
    'Linked Member': facts.memberRecordId ? [facts.memberRecordId] : [],
    'Plan Type': facts.plan,
    'Amount (AUD)': centsToAmount(facts.amountCents),
    'Presence Share (AUD)': centsToAmount(facts.platformCents),
    'Host Share (AUD)': centsToAmount(facts.hostCents),
    'Transaction ID': facts.chargeId,
    'Cal.com Booking ID': facts.calBookingUid,
    'Cal.com URL': facts.calBookingUrl,
    'Session Start Time': facts.startAt?.toISOString() ?? null,
    'Session Duration (mins)': facts.sessionMinutes,
    'Video Room URL': facts.roomUrl,
    'Video Room Status': roomStatus[facts.roomStatus],
    'Host Joined': facts.hostJoinedAt !== null,
    'Member Joined': facts.memberJoinedAt !== null,
    'Payout Status': payoutStatus[facts.payoutStatus],
    'Payout ID': facts.transferId,
    'Payout Date': facts.payoutPaidAt?.toISOString() ?? null,
    'Notification Status': facts.notificationStatus,
  }
}

export function memberFields(member: {
  id: string
  fullName: string
  email: string | null
  mobileNumber: string | null
  status: string
  timeZone: string
  stripeCustomerId: string | null
  lastActiveAt: Date
  hasAcceptedAgreement: boolean
  hasSignedPledge: boolean
}): Record<string, unknown> {
  return {
    'Presence ID': member.id,
    'Full Name': member.fullName,
    Email: member.email,
    'Mobile Number': member.mobileNumber,
    'Verification Status': member.mobileNumber ? 'Verified' : null,
    Status: member.status,
    'Time Zone': member.timeZone,
    'Stripe Customer ID': member.stripeCustomerId,
    'Last Active': member.lastActiveAt.toISOString(),
    'Member Agreement Accepted': member.hasAcceptedAgreement,
    'Community Pledge Signed': member.hasSignedPledge,
  }
}

export function likeFields(like: {
  hostId: string
  memberId: string
  hostName: string
  memberName: string
  hostLikes: boolean
  memberLikes: boolean
}): Record<string, unknown> {
  return {
    'Presence ID': `${like.hostId}:${like.memberId}`,
    'Host ID': like.hostId,
    'Host Name': like.hostName,
    'Member ID': like.memberId,
    'Member Name': like.memberName,
    'Is Mutual': like.hostLikes && like.memberLikes,
    Status: like.hostLikes || like.memberLikes ? 'Active' : 'Inactive',
  }
}

const refundStatus: Record<RefundStatus, string> = {
  requested: 'Requested',
  pending: 'Pending',
  succeeded: 'Succeeded',
  failed: 'Failed',
}

export function refundFields(refund: {
  id: string
  chargeId: string | null
  plan: string
  amountCents: number
  reason: string
  createdAt: Date
  status: RefundStatus
}): Record<string, unknown> {
  return {
    'Presence ID': refund.id,
    'Transaction ID': refund.chargeId,
    'Plan Type': refund.plan,
    'Refund Amount (AUD)': centsToAmount(refund.amountCents),
    'Refund Reason': refund.reason,
    'Refund Date': refund.createdAt.toISOString(),
    'Refund Status': refundStatus[refund.status],
  }
}
