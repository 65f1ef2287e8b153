// Bookings as their two people see them.
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { notFound } from '../../lib/errors.ts'
import { addHours, now } from '../../lib/time.ts'
import { readTerms } from '../plans/terms.ts'
import { hasStopped } from '../members/find-stopped.ts'
import { areBlocked } from '../members/find-blocked.ts'
import { firstName } from '../members/member.ts'
import type { Booking, Bookings } from './booking-view.ts'
import { canBeRefunded, canChangeForFree, type RefundProgress } from './booking.ts'
import { type Participant, type Role, roleOf } from './participant.ts'
import { isRoomOpen, roomClosesAt, roomOpensAt } from './room-window.ts'

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
      hasStopped(sql.ref('hosts.mobile_number')).as('hasHostStopped'),
      hasStopped(sql.ref('members.mobile_number')).as('hasMemberStopped'),
      'purchases.plan',
      'purchases.terms',
      'purchases.currency',
      'purchases.receiptUrl',
      areBlocked(sql.ref('bookings.host_id'), sql.ref('bookings.member_id')).as('isBlocked'),
      sql<RefundProgress | null>`(
        select case when bool_or(refunds.status = 'failed') then 'delayed' when bool_or(refunds.status <> 'succeeded') then 'on_its_way' when count(*) > 0 then 'done' end
        from refund_parts join refunds on refunds.id = refund_parts.refund_id where refund_parts.booking_id = bookings.id)`.as(
        'refundStatus',
      ),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof selectBookings>['executeTakeFirstOrThrow']>>

/** All bookings of a member: upcoming and unused ones by time, past ones newest first. */
export async function readBookings(db: Db, memberId: string): Promise<Bookings> {
  const rows = await selectBookings(db)
    .where('bookings.memberId', '=', memberId)
    .orderBy('bookings.createdAt', 'desc')
    .orderBy('bookings.position')
    .execute()
  const all = rows.map((row) => toView(row, 'member'))
  const by = (a: string | null, b: string | null) => (a ?? '').localeCompare(b ?? '')
  return {
    upcoming: all
      .filter((booking) => booking.state === 'created' && booking.outcome !== 'unknown')
      .sort((a, b) => by(a.start, b.start)),
    unused: all
      .filter((booking) => booking.state === 'pending')
      .sort((a, b) => by(a.validUntil, b.validUntil)),
    // A session whose attendance an operator still has to decide is past too.
    past: all
      .filter(
        (booking) =>
          booking.outcome === 'unknown' || (booking.state !== 'created' && booking.state !== 'pending'),
      )
      .sort((a, b) => by(b.completedAt ?? b.start, a.completedAt ?? a.start)),
  }
}

/** One booking of this person. Refuses with not_found, also for somebody else's. */
export async function readBooking(db: Db, who: Participant, bookingId: string): Promise<Booking> {
  const row = await selectBookings(db).where('bookings.id', '=', bookingId).executeTakeFirst()
  const role = row && roleOf(row, who)
  if (!row || !role) throw notFound('session')
  return toView(row, role)
}

function toView(row: Row, viewer: Role): Booking {
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
      photoUrl: row.isBlocked ? null : row.photoUrl,
      timeZone: row.hostTimeZone,
      isActive: row.hostStatus === 'Active' && !row.isBlocked,
    },
    // A host sees of a member only the first name.
    member: { fullName: isMember ? row.memberName : firstName(row.memberName, '') },
    isBlocked: row.isBlocked,
    start: iso(start),
    end: iso(end),
    sessionMinutes: terms.sessionMinutes,
    validUntil: row.validUntil.toISOString(),
    anyHost: terms.anyHost,
    attempt: row.attempt,
    calendarStatus: row.calendarStatus,
    hasOtherStoppedTexts: isMember ? row.hasHostStopped : row.hasMemberStopped,
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
    givenBackBy: row.state === 'pending' ? row.givenBackBy : null,
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
