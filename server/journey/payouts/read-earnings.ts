// What a host has earned, session by session.
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { addHours, now } from '../../lib/time.ts'
import { firstName } from '../members/member.ts'
import type { EarnedSession, Earnings } from './earnings-view.ts'

/** Every completed session of a host, the newest first. */
export async function readEarnings(db: Db, hostId: string, payoutDelayHours: number): Promise<Earnings> {
  const host = await db
    .selectFrom('hosts')
    .select(['stripeAccountId', 'onboardingStatus'])
    .where('id', '=', hostId)
    .executeTakeFirstOrThrow()
  const rows = await db
    .selectFrom('bookings')
    .innerJoin('members', 'members.id', 'bookings.memberId')
    .innerJoin('purchases', 'purchases.id', 'bookings.purchaseId')
    .leftJoin('payouts', 'payouts.bookingId', 'bookings.id')
    .selectAll('bookings')
    .select([
      'members.fullName',
      'purchases.plan',
      'payouts.dueAt',
      'payouts.paidAt',
      'payouts.reversedCents',
      'payouts.transferId',
    ])
    .select(
      sql<boolean>`exists (select from paused_purchases where paused_purchases.purchase_id = purchases.id)`.as(
        'isPaused',
      ),
    )
    .where('bookings.hostId', '=', hostId)
    .where('bookings.state', '=', 'completed')
    .orderBy('bookings.completedAt', 'desc')
    .execute()
  const sessions = rows.map((row): EarnedSession => {
    const dueAt = row.dueAt ?? (row.completedAt ? addHours(row.completedAt, payoutDelayHours) : null)
    return {
      bookingId: row.id,
      memberName: firstName(row.fullName, ''),
      plan: row.plan,
      start: row.startAt?.toISOString() ?? null,
      completedAt: row.completedAt?.toISOString() ?? null,
      shareCents: row.hostCents,
      givenBackCents: row.hostRefundedCents,
      payableCents: row.hostCents - row.hostRefundedCents,
      status: row.payoutStatus,
      isOnHold: row.isPaused && row.transferId === null && row.payoutStatus !== 'paid_otherwise',
      dueAt: dueAt?.toISOString() ?? null,
      paidAt: row.paidAt?.toISOString() ?? null,
      reversedCents: row.reversedCents ?? 0,
      transferId: row.transferId,
    }
  })
  const isDue = (one: EarnedSession) =>
    !one.isOnHold && one.status !== 'failed' && one.dueAt !== null && new Date(one.dueAt) <= now()
  const isPaid = (one: EarnedSession) => one.transferId !== null || one.status === 'paid_otherwise'
  const unpaid = sessions.filter((one) => !isPaid(one) && one.status !== 'reversed')
  const sum = (some: EarnedSession[]) => some.reduce((total, one) => total + one.payableCents, 0)
  return {
    currency: 'AUD',
    pendingCents: sum(unpaid.filter((one) => !isDue(one))),
    availableCents: sum(unpaid.filter(isDue)),
    paidCents: sum(sessions.filter(isPaid)),
    canOpenDashboard: host.stripeAccountId !== null && host.onboardingStatus === 'complete',
    sessions,
  }
}
