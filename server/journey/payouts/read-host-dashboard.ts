// What a host sees: who comes next, whom they met, and what they have earned.
import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { now } from '../../lib/time.ts'
import { isRoomOpen, roomOpensAt } from '../bookings/room-window.ts'

const instant = z.iso.datetime()
const payoutStatus = z.enum(['none', 'waiting_for_onboarding', 'scheduled', 'paid', 'reversed', 'failed'])

const hostSession = z.object({
  id: z.uuid(),
  member: z.object({ id: z.uuid(), fullName: z.string() }),
  start: instant,
  end: instant,
  canJoin: z.boolean(),
  roomOpensAt: instant,
  roomStatus: z.enum(['not_created', 'active', 'ended']),
  calendarStatus: z.enum(['none', 'confirming', 'confirmed']),
  state: z.enum(['pending', 'created', 'completed', 'cancelled', 'expired']),
  outcome: z.enum(['held', 'member_no_show', 'host_no_show', 'late_cancellation', 'unknown']).nullable(),
  payoutStatus,
  hostShareCents: z.int(),
})

export const hostDashboard = z
  .object({
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
    members: z.array(
      z.object({
        id: z.uuid(),
        fullName: z.string(),
        sessionsHeld: z.int(),
        youLike: z.boolean(),
        likesYou: z.boolean(),
        lastMetAt: instant.nullable(),
      }),
    ),
    earnings: z.object({
      waitingCents: z.int(),
      scheduledCents: z.int(),
      paidCents: z.int(),
      currency: z.literal('AUD'),
      recent: z.array(
        z.object({
          bookingId: z.uuid(),
          memberName: z.string(),
          start: instant,
          amountCents: z.int(),
          status: payoutStatus,
        }),
      ),
    }),
    onboarding: z.object({ status: z.enum(['not_started', 'started', 'complete']), canBePaid: z.boolean() }),
  })
  .openapi('HostDashboard')
export type HostDashboard = z.infer<typeof hostDashboard>

export async function readHostDashboard(db: Db, hostId: string): Promise<HostDashboard> {
  const host = await db.selectFrom('hosts').selectAll().where('id', '=', hostId).executeTakeFirstOrThrow()
  const rows = await db
    .selectFrom('bookings')
    .innerJoin('members', 'members.id', 'bookings.memberId')
    .selectAll('bookings')
    .select('members.fullName as memberName')
    .where('bookings.hostId', '=', hostId)
    .where('bookings.state', 'in', ['created', 'completed'])
    .orderBy('bookings.startAt')
    .execute()
  const time = now()
  const view = (row: (typeof rows)[number]): z.infer<typeof hostSession> => ({
    id: row.id,
    member: { id: row.memberId, fullName: row.memberName },
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
  const earned = (...statuses: string[]) =>
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
    members: await readAcquaintances(db, hostId),
    earnings: {
      waitingCents: earned('waiting_for_onboarding'),
      scheduledCents: earned('scheduled', 'failed'),
      paidCents: earned('paid'),
      currency: 'AUD',
      recent: completed.slice(0, 20).map((row) => ({
        bookingId: row.id,
        memberName: row.memberName,
        start: row.startAt!.toISOString(),
        amountCents: row.hostCents - row.hostRefundedCents,
        status: row.payoutStatus,
      })),
    },
    onboarding: { status: host.onboardingStatus, canBePaid: host.canBePaid },
  }
}

async function readAcquaintances(db: Db, hostId: string): Promise<HostDashboard['members']> {
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
    .groupBy(['members.id', 'members.fullName', 'likes.hostLikedAt', 'likes.memberLikedAt'])
    .orderBy('lastMetAt', (order) => order.desc().nullsLast())
    .limit(100)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    fullName: row.fullName,
    sessionsHeld: row.sessionsHeld,
    youLike: row.hostLikedAt !== null,
    likesYou: row.memberLikedAt !== null,
    lastMetAt: row.lastMetAt?.toISOString() ?? null,
  }))
}
