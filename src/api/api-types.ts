// The shapes of the HTTP API as the pages use them. Times are ISO strings in UTC, money is integer cents.
import type { Currency } from '../../server/lib/money.ts'
import type { BookingState, Outcome } from '../../server/journey/bookings/booking.ts'
import type { PlanType } from '../../server/journey/plans/plan.ts'
import type { RoomStatus } from '../../server/journey/bookings/room-window.ts'

export type Host = {
  id: string
  fullName: string
  bio: string
  photoUrl: string | null
  languages: string[]
  country: string
  timeZone: string
  tags: string[]
  category: string | null
  ageGroup: string | null
  introVideoUrl: string | null
  likesYou: boolean
  youLike: boolean
  hasMetYou: boolean
  nextFree: string | null
}

export type HostPage = { hosts: Host[]; nextCursor: string | null; total: number }

export type CalendarKind = 'calcom' | 'builtin'

export type Slots = {
  slots: { start: string }[]
  sessionMinutes: number
  timeZone: string
  calendar: CalendarKind
}

export type Like = {
  host: { id: string; fullName: string; photoUrl: string | null }
  isMutual: boolean
  likedAt: string
  isSeen: boolean
}

export type LikeAnswer = { youLike: boolean; isMutual: boolean }

export type Booking = {
  id: string
  purchaseId: string
  plan: PlanType
  position: number
  sessionsInPurchase: number
  state: BookingState
  host: { id: string; fullName: string; photoUrl: string | null; timeZone: string; isActive: boolean }
  member: { fullName: string }
  start: string | null
  end: string | null
  sessionMinutes: number
  validUntil: string
  anyHost: boolean
  attempt: number
  calendarStatus: 'none' | 'confirming' | 'confirmed'
  roomStatus: RoomStatus
  roomOpensAt: string | null
  roomClosesAt: string | null
  canJoin: boolean
  freeChangeUntil: string | null
  canChangeForFree: boolean
  wasMovedByHost: boolean
  refundable: boolean
  isRefundOffered: boolean
  outcome: Outcome | null
  amountCents: number
  currency: Currency
  refundedCents: number
  refundStatus: 'on_its_way' | 'done' | 'delayed' | null
  receiptUrl: string | null
  reflection: string | null
  hostJoinedAt: string | null
  memberJoinedAt: string | null
}

export type Bookings = { upcoming: Booking[]; unused: Booking[]; past: Booking[] }

export type OwnVisit = { id: string; iceServers: RTCIceServer[]; isRelayOnly: boolean }

export type JoinAnswer = {
  /** Where the room is, for its frame; null where it is ours, and then there is a visit. */
  url: string | null
  visit: OwnVisit | null
  role: 'member' | 'host'
  displayName: string
  otherName: string
  start: string
  end: string
  roomClosesAt: string
}

export type VisitAnswer = {
  state: 'in' | 'left' | 'replaced' | 'closed'
  other: { visitId: string; state: 'in' | 'lost' | 'left'; cameFirst: boolean } | null
  signals: { id: number; from: string; /** The sender's own count. */ number: number; body: unknown }[]
}

export type Rated = { stars: number; tags: string[] }
/** `theirs` once it is no longer blind. */
export type SessionRatings = { mine: Rated | null; theirs: Rated | null; canRate: boolean }
export type ReceivedRatings = {
  count: number
  averageStars: number | null
  tags: { tag: string; count: number }[]
}

export type RoomPresence = {
  hostIsIn: boolean
  memberIsIn: boolean
  hostJoinedAt: string | null
  memberJoinedAt: string | null
  /** When you may leave with the other's absence recorded; null once the other has been there. */
  mayLeaveAt: string | null
}

export type Hours = {
  timeZone: string
  calendar: CalendarKind
  weekly: { days: number[]; start: string; end: string }[]
  dateOverrides: { date: string; windows: { start: string; end: string }[] }[]
  minimumNoticeMinutes: number
  bufferBeforeMinutes: number
  bufferAfterMinutes: number
  horizonDays: number
  intervalMinutes: number | null
  maximumPerDay?: number | null | undefined
}

/** Calendars elsewhere that keep a host from being booked. */
export type ImportedCalendar = {
  id: string
  address: string
  readAt: string | null
  problem: string | null
  busyAhead: number
}

/** Where one's own sessions can be subscribed to. */
export type Feed = { feed: { url: string; webcalUrl: string } | null }

/** One session, opened by the link of an SMS. */
export type Managed = { role: 'member' | 'host'; timeZone: string; booking: Booking }
