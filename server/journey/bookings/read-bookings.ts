// A booking as its two people see it, with everything a page needs to show what can be done with it now.
import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { notFound } from '../../lib/errors.ts'
import { addHours, now } from '../../lib/time.ts'
import { readTerms } from '../purchases/terms.ts'
import { isRoomOpen, roomClosesAt, roomOpensAt } from './room-window.ts'
import { bookingStates, canBeRefunded, canChangeForFree } from './booking.ts'

const instant = z.iso.datetime()

export const bookingView = z
  .object({
    id: z.uuid(),
    purchaseId: z.uuid(),
    plan: z.enum(['Adhoc', 'Weekly']),
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
    start: instant.nullable(),
    end: instant.nullable(),
    sessionMinutes: z.int(),
    validUntil: instant,
    anyHost: z.boolean(),
    attempt: z.int(),
    calendarStatus: z.enum(['none', 'confirming', 'confirmed']),
    calBookingUid: z.string().nullable(),
    calBookingUrl: z.string().nullable(),
    roomStatus: z.enum(['not_created', 'active', 'ended']),
    roomOpensAt: instant.nullable(),
    roomClosesAt: instant.nullable(),
    canJoin: z.boolean(),
    freeChangeUntil: instant.nullable(),
    canChangeForFree: z.boolean(),
    wasMovedByHost: z.boolean(),
    refundable: z.boolean(),
    isRefundOffered: z.boolean(),
    outcome: z.enum(['held', 'member_no_show', 'host_no_show', 'late_cancellation', 'unknown']).nullable(),
    amountCents: z.int(),
    currency: z.literal('AUD'),
    /** What of this session's price was given back, and how far that is. */
    refundedCents: z.int(),
    refundStatus: z.enum(['on_its_way', 'done', 'delayed']).nullable(),
    receiptUrl: z.string().nullable(),
    reflection: z.string().nullable(),
    hostJoinedAt: instant.nullable(),
    memberJoinedAt: instant.nullable(),
    completedAt: instant.nullable(),
  })
  .openapi('Booking')
export type BookingView = z.infer<typeof bookingView>

function selectBookings(db: Db) {
  return db
    .selectFrom('bookings')
    .innerJoin('hosts', 'hosts.id', 'bookings.hostId')
    .innerJoin('members', 'members.id', 'bookings.memberId')
    .innerJoin('purchases', 'purchases.id', 'bookings.purchaseId')
    .selectAll('bookings')
    .select([
      'hosts.fullName as hostName',
      'hosts.photoUrl',
      'hosts.timeZone as hostTimeZone',
      'hosts.status as hostStatus',
      'members.fullName as memberName',
      'purchases.plan',
      'purchases.terms',
      'purchases.currency',
      'purchases.receiptUrl',
      sql<'on_its_way' | 'done' | 'delayed' | null>`(
        select case when bool_or(refunds.status = 'failed') then 'delayed' when bool_or(refunds.status <> 'succeeded') then 'on_its_way' when count(*) > 0 then 'done' end
        from refund_parts join refunds on refunds.id = refund_parts.refund_id where refund_parts.booking_id = bookings.id)`.as(
        'refundStatus',
      ),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof selectBookings>['executeTakeFirstOrThrow']>>

/** All of a member's bookings, newest first. */
export async function readMemberBookings(db: Db, memberId: string): Promise<BookingView[]> {
  const rows = await selectBookings(db)
    .where('bookings.memberId', '=', memberId)
    .orderBy('bookings.createdAt', 'desc')
    .orderBy('bookings.position')
    .execute()
  return rows.map((row) => toView(row, 'member'))
}

/** One booking of this person. Refuses with not_found, also for somebody else's. */
export async function readBooking(
  db: Db,
  who: { memberId?: string | undefined; hostId?: string | undefined },
  bookingId: string,
): Promise<BookingView> {
  const row = await selectBookings(db).where('bookings.id', '=', bookingId).executeTakeFirst()
  if (row && who.memberId === row.memberId) return toView(row, 'member')
  if (row && who.hostId === row.hostId) return toView(row, 'host')
  throw notFound('session')
}

function toView(row: Row, viewer: 'member' | 'host'): BookingView {
  const terms = readTerms(row.terms)
  const time = now()
  const { startAt: start, endAt: end } = row
  const isMember = viewer === 'member'
  const isScheduled = row.state === 'created' && start !== null && end !== null
  return {
    id: row.id,
    purchaseId: row.purchaseId,
    plan: row.plan,
    position: row.position,
    sessionsInPurchase: terms.sessions,
    state: row.state,
    host: {
      id: row.hostId,
      fullName: row.hostName,
      photoUrl: row.photoUrl,
      timeZone: row.hostTimeZone,
      isActive: row.hostStatus === 'Active',
    },
    member: { fullName: row.memberName },
    start: iso(start),
    end: iso(end),
    sessionMinutes: terms.sessionMinutes,
    validUntil: row.validUntil.toISOString(),
    anyHost: terms.anyHost,
    attempt: row.attempt,
    calendarStatus: row.calendarStatus,
    calBookingUid: isMember ? row.calBookingUid : null,
    calBookingUrl: isMember ? row.calBookingUrl : null,
    roomStatus: row.roomStatus,
    roomOpensAt: start ? roomOpensAt(start).toISOString() : null,
    roomClosesAt: end ? roomClosesAt(end).toISOString() : null,
    canJoin: isScheduled && row.calendarStatus === 'confirmed' && isRoomOpen(start, end, time),
    freeChangeUntil: isScheduled
      ? (row.wasMovedByHost ? start : addHours(start, -terms.freeChangeHours)).toISOString()
      : null,
    canChangeForFree: isScheduled && canChangeForFree(row, time, terms.freeChangeHours),
    wasMovedByHost: isScheduled && row.wasMovedByHost,
    refundable: isMember && canBeRefunded(row.state, row.validUntil, time),
    isRefundOffered: row.refundOfferedAt !== null && row.state === 'pending',
    outcome: row.outcome,
    amountCents: row.amountCents,
    currency: row.currency,
    refundedCents: isMember ? row.refundedCents : 0,
    refundStatus: isMember ? row.refundStatus : null,
    receiptUrl: isMember ? row.receiptUrl : null,
    reflection: isMember ? row.reflection : null,
    hostJoinedAt: iso(row.hostJoinedAt),
    memberJoinedAt: iso(row.memberJoinedAt),
    completedAt: iso(row.completedAt),
  }
}

function iso(moment: Date | null): string | null {
  return moment?.toISOString() ?? null
}
