// What the API answers as the host dashboard.
import { z } from 'zod'
import { currencies } from '../../lib/money.ts'
import { bookingStates } from '../bookings/booking.ts'
import { onboardingStatuses, shownPayoutStatuses } from './payout.ts'

const instant = z.iso.datetime()

const hostSession = z.object({
  id: z.uuid(),
  member: z.object({ id: z.uuid(), fullName: z.string(), hasStoppedTexts: z.boolean() }),
  start: instant,
  end: instant,
  canJoin: z.boolean(),
  roomOpensAt: instant,
  roomStatus: z.enum(['not_created', 'active', 'ended']),
  calendarStatus: z.enum(['none', 'confirming', 'confirmed']),
  state: z.enum(bookingStates),
  outcome: z.enum(['held', 'member_no_show', 'host_no_show', 'late_cancellation', 'unknown']).nullable(),
  payoutStatus: z.enum(shownPayoutStatuses),
  hostShareCents: z.int(),
})
export type HostSession = z.infer<typeof hostSession>

const metMember = z.object({
  id: z.uuid(),
  fullName: z.string(),
  sessionsHeld: z.int(),
  youLike: z.boolean(),
  likesYou: z.boolean(),
  lastMetAt: instant.nullable(),
})
export type MetMember = z.infer<typeof metMember>

export const hostDashboardView = z.object({
  host: z.object({
    id: z.uuid(),
    fullName: z.string(),
    photoUrl: z.string().nullable(),
    timeZone: z.string(),
    calendar: z.enum(['calcom', 'builtin']),
    status: z.enum(['Active', 'Inactive', 'Suspended']),
  }),
  sessions: z.array(hostSession),
  past: z.array(hostSession),
  members: z.array(metMember),
  earnings: z.object({
    waitingCents: z.int(),
    scheduledCents: z.int(),
    paidCents: z.int(),
    currency: z.enum(currencies),
    recent: z.array(
      z.object({
        bookingId: z.uuid(),
        memberName: z.string(),
        start: instant,
        amountCents: z.int(),
        status: z.enum(shownPayoutStatuses),
      }),
    ),
  }),
  onboarding: z.object({
    status: z.enum(onboardingStatuses),
    canBePaid: z.boolean(),
    /** The host's country, where Stripe cannot pay it from here; null where it can. */
    unpayableCountry: z.string().nullable(),
  }),
})
export type HostDashboard = z.infer<typeof hostDashboardView>
