// What the API answers about a host's earnings, session by session.
import { z } from 'zod'
import { currencies } from '../../lib/money.ts'
import { planTypes } from '../plans/plan.ts'
import { shownPayoutStatuses } from './payout.ts'

const instant = z.iso.datetime().nullable()

const earnedSession = z.object({
  bookingId: z.uuid(),
  memberName: z.string(),
  plan: z.enum(planTypes),
  start: instant,
  completedAt: instant,
  shareCents: z.int(),
  givenBackCents: z.int(),
  payableCents: z.int(),
  status: z.enum(shownPayoutStatuses),
  isOnHold: z.boolean(),
  dueAt: instant,
  paidAt: instant,
  reversedCents: z.int(),
  transferId: z.string().nullable(),
})
export type EarnedSession = z.infer<typeof earnedSession>

export const earningsView = z.object({
  currency: z.enum(currencies),
  /** Not due yet, paused, or refused for now. */
  pendingCents: z.int(),
  /** Due; sent as soon as Stripe can pay the host. */
  availableCents: z.int(),
  /** Transferred and not taken back, or paid otherwise. */
  paidCents: z.int(),
  canOpenDashboard: z.boolean(),
  sessions: z.array(earnedSession),
})
export type Earnings = z.infer<typeof earningsView>
