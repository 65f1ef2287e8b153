// What a host sees: who comes next, whom they met, and what they earned.
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { now } from '../../lib/time.ts'
import { hasStopped } from '../members/find-stopped.ts'
import { areBlocked } from '../members/find-blocked.ts'
import { firstName } from '../members/member.ts'
import { isRoomOpen, roomOpensAt } from '../bookings/room-window.ts'
import type { HostDashboard, HostSession, MetMember } from './host-dashboard-view.ts'
import { findUnpayable } from './find-unpayable.ts'
import type { ShownPayoutStatus } from './payout.ts'

export async function readHostDashboard(db: Db, hostId: string): Promise<HostDashboard> {
  const host = await db.selectFrom('hosts').selectAll().where('id', '=', hostId).executeTakeFirstOrThrow()
  const rows = await db
    .selectFrom('bookings')
    .innerJoin('members', 'members.id', 'bookings.memberId')
    .selectAll('bookings')
    .select(['members.fullName as memberName', hasStopped(sql.ref('members.mobile_number')).as('hasStopped')])
    .where('bookings.hostId', '=', hostId)
    .where('bookings.state', 'in', ['created', 'completed'])
    .orderBy('bookings.startAt')
    .execute()
  const time = now()
  const view = (row: (typeof rows)[number]): HostSession => ({
    id: row.id,
    member: {
      id: row.memberId,
      fullName: firstName(row.memberName, ''),
      hasStoppedTexts: row.hasStopped,
    },
    start: row.startAt!.toISOString(),
    end: row.endAt!.toISOString(),
    canJoin:
      row.state === 'created' &&
      row.calendarStatus === 'confirmed' &&
      isRoomOpen(row.startAt!, row.endAt!, time),
    roomOpensAt: roomOpensAt(row.startAt!).toISOString(),
    roomStatus: row.roomStatus,
    calendarStatus: row.calendarStatus,
    state: row.state,
    outcome: row.outcome,
    payoutStatus: row.payoutStatus,
    hostShareCents: row.hostCents - row.hostRefundedCents,
  })
  const completed = rows.filter((row) => row.state === 'completed').reverse()
  const earned = (...statuses: ShownPayoutStatus[]) =>
    completed
      .filter((row) => statuses.includes(row.payoutStatus))
      .reduce((sum, row) => sum + row.hostCents - row.hostRefundedCents, 0)
  return {
    host: {
      id: host.id,
      fullName: host.fullName,
      photoUrl: host.photoUrl,
      timeZone: host.timeZone,
      calendar: host.calUsername ? 'calcom' : 'builtin',
      status: host.status,
    },
    sessions: rows.filter((row) => row.state === 'created').map(view),
    past: completed.slice(0, 50).map(view),
    members: await readMetMembers(db, hostId),
    earnings: {
      waitingCents: earned('waiting_for_onboarding'),
      scheduledCents: earned('scheduled', 'failed'),
      paidCents: earned('paid', 'paid_otherwise'),
      currency: 'AUD',
      recent: completed.slice(0, 20).map((row) => ({
        bookingId: row.id,
        memberName: firstName(row.memberName, ''),
        start: row.startAt!.toISOString(),
        amountCents: row.hostCents - row.hostRefundedCents,
        status: row.payoutStatus,
      })),
    },
    onboarding: {
      status: host.onboardingStatus,
      canBePaid: host.canBePaid,
      unpayableCountry: (await findUnpayable(db, [host]))[0]!,
    },
  }
}

async function readMetMembers(db: Db, hostId: string): Promise<MetMember[]> {
  const rows = await db
    .selectFrom('bookings')
    .innerJoin('members', 'members.id', 'bookings.memberId')
    .leftJoin('likes', (join) =>
      join.onRef('likes.memberId', '=', 'bookings.memberId').onRef('likes.hostId', '=', 'bookings.hostId'),
    )
    .select(['members.id', 'members.fullName', 'likes.hostLikedAt', 'likes.memberLikedAt'])
    .select([
      sql<number>`count(*) filter (where bookings.outcome = 'held')`.as('sessionsHeld'),
      sql<Date | null>`max(bookings.start_at) filter (where bookings.outcome = 'held')`.as('lastMetAt'),
    ])
    .where('bookings.hostId', '=', hostId)
    .where('bookings.attempt', '>', 0)
    .where(sql<boolean>`not ${areBlocked(sql.ref('bookings.host_id'), sql.ref('bookings.member_id'))}`)
    .groupBy(['members.id', 'members.fullName', 'likes.hostLikedAt', 'likes.memberLikedAt'])
    .orderBy('lastMetAt', (order) => order.desc().nullsLast())
    .limit(100)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    fullName: firstName(row.fullName, ''),
    sessionsHeld: row.sessionsHeld,
    youLike: row.hostLikedAt !== null,
    likesYou: row.memberLikedAt !== null,
    lastMetAt: row.lastMetAt?.toISOString() ?? null,
  }))
}
