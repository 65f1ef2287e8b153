// The shapes of the HTTP API as the pages use them. Times are ISO strings in UTC, money is integer cents.
import type { Currency } from '../../server/lib/money.ts'
import type { BookingState, Outcome } from '../../server/journey/bookings/booking.ts'
import type { PlanType, Terms } from '../../server/journey/plans/plan.ts'
import type { RoomStatus } from '../../server/journey/bookings/room-window.ts'
import type { CalendarKind } from '../../server/journey/times/calendar.ts'

export type { Currency, PlanType, Terms }

export type Me = {
  member: { id: string; fullName: string; timeZone: string; email: string | null } | null
  host: { id: string; fullName: string } | null
  isOperator: boolean
  mobileNumber: string
}

export type Settings = {
  stripePublishableKey: string
  stripeJsUrl: string
  video: 'daily' | 'builtin'
  isRatingOn: boolean
  serverNow: string
}

export type PurchaseStatus = 'open' | 'paid' | 'failed' | 'expired' | 'refunded'

export type Purchase = {
  id: string
  status: PurchaseStatus
  plan: PlanType
  hostId: string
  amountCents: number
  currency: Currency
  bookingIds: string[]
  validUntil: string | null
}

export type Prompts = { preSession: string[]; starters: string[]; reflection: string[] }

export type PayoutStatus = 'none' | 'waiting_for_onboarding' | 'scheduled' | 'paid' | 'reversed' | 'failed'

export type HostSession = {
  id: string
  member: { id: string; fullName: string }
  start: string
  end: string
  canJoin: boolean
  roomOpensAt: string
  roomStatus: RoomStatus
  state: BookingState
  outcome: Outcome | null
  payoutStatus: PayoutStatus
  hostShareCents: number
}

export type HostMember = {
  id: string
  fullName: string
  sessionsHeld: number
  youLike: boolean
  likesYou: boolean
  lastMetAt: string | null
}

export type Earning = {
  bookingId: string
  memberName: string
  start: string | null
  amountCents: number
  status: PayoutStatus
}

export type HostHome = {
  host: {
    id: string
    fullName: string
    photoUrl: string | null
    timeZone: string
    calendar: CalendarKind
    status: string
  }
  sessions: HostSession[]
  past: HostSession[]
  members: HostMember[]
  earnings: {
    waitingCents: number
    scheduledCents: number
    paidCents: number
    currency: Currency
    recent: Earning[]
  }
  onboarding: { status: 'not_started' | 'started' | 'complete'; canBePaid: boolean }
}

export type OpsTask = {
  session: {
    memberName: string
    memberNumber: string
    hostName: string
    hostNumber: string | null
    start: string | null
  } | null
  id: string
  kind: string
  sentence: string
  createdAt: string
  bookingId: string | null
  purchaseId: string | null
  /** A report ended this session, and what becomes of it is to be decided. */
  hasEndedSession: boolean
}

export type Decision =
  | 'held'
  | 'member_absent'
  | 'host_absent'
  | 'decided_for_host'
  | 'decided_for_member'
  | 'try_again'

export type OpsHome = {
  tasks: OpsTask[]
  counts: {
    membersTotal: number
    hostsActive: number
    purchasesPaid: number
    bookingsLive: number
    messagesWaiting: number
    jobsFailed: number
  }
}

export type Topic = 'bookings' | 'purchases' | 'likes' | 'hosts' | 'host' | 'ops' | 'me' | 'slots' | 'signals'

export type HelpPrompt = { question: string; answer: string }
