// A booking as its two people see it, with everything a page needs to show what can be done with it now.
import { z } from 'zod'
import { currencies } from '../../lib/money.ts'
import { planTypes } from '../plans/plan.ts'
import { backGivers, bookingStates, calendarStatuses, outcomes, refundProgresses } from './booking.ts'
import { roles } from './participant.ts'
import { roomStatuses } from './room-window.ts'

const moment = z.iso.datetime()

export const bookingView = z
  .object({
    id: z.uuid(),
    purchaseId: z.uuid(),
    plan: z.enum(planTypes),
    position: z.int(),
    sessionsInPurchase: z.int(),
    state: z.enum(bookingStates),
    host: z.object({
      id: z.uuid(),
      fullName: z.string(),
      photoUrl: z.string().nullable(),
      timeZone: z.string(),
      isActive: z.boolean(),
    }),
    member: z.object({ fullName: z.string() }),
    /** The two are kept apart: nothing new is begun between them. */
    isBlocked: z.boolean(),
    start: moment.nullable(),
    end: moment.nullable(),
    sessionMinutes: z.int(),
    validUntil: moment,
    anyHost: z.boolean(),
    attempt: z.int(),
    calendarStatus: z.enum(calendarStatuses),
    /** The other of the two has stopped our text messages, and may not hear of a change. */
    hasOtherStoppedTexts: z.boolean(),
    roomStatus: z.enum(roomStatuses),
    roomOpensAt: moment.nullable(),
    roomClosesAt: moment.nullable(),
    canJoin: z.boolean(),
    freeChangeUntil: moment.nullable(),
    canChangeForFree: z.boolean(),
    wasMovedByHost: z.boolean(),
    refundable: z.boolean(),
    isRefundOffered: z.boolean(),
    givenBackBy: z.enum(backGivers).nullable(),
    outcome: z.enum(outcomes).nullable(),
    amountCents: z.int(),
    currency: z.enum(currencies),
    /** How much of this session's price was given back, and how far that is. */
    refundedCents: z.int(),
    refundStatus: z.enum(refundProgresses).nullable(),
    receiptUrl: z.string().nullable(),
    reflection: z.string().nullable(),
    hostJoinedAt: moment.nullable(),
    memberJoinedAt: moment.nullable(),
    completedAt: moment.nullable(),
  })
  .meta({ id: 'Booking' })
export type Booking = z.infer<typeof bookingView>

export const cancelledView = z.object({ isCancelled: z.literal(true) })

/** A member's sessions, by what can be done with them. */
export const bookingsView = z.object({
  upcoming: z.array(bookingView),
  unused: z.array(bookingView),
  past: z.array(bookingView),
})
export type Bookings = z.infer<typeof bookingsView>

/** One session, opened by the link of an SMS. */
export const managedView = z.object({ role: z.enum(roles), timeZone: z.string(), booking: bookingView })
export type Managed = z.infer<typeof managedView>
