// What a host has earned, session by session, as figures and as a file for a spreadsheet.
import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { centsToAmount } from '../../lib/money.ts'
import { addHours, now } from '../../lib/time.ts'
import { csvLine } from './csv.ts'

const instant = z.iso.datetime().nullable()

export const earningsView = z
  .object({
    currency: z.literal('AUD'),
    /** Not due yet, paused, or refused for now. */
    pendingCents: z.int(),
    /** Due; sent as soon as Stripe can pay the host. */
    availableCents: z.int(),
    /** Transferred and not taken back. */
    paidCents: z.int(),
    canOpenDashboard: z.boolean(),
    sessions: z.array(
      z.object({
        bookingId: z.uuid(),
        memberName: z.string(),
        plan: z.enum(['Adhoc', 'Weekly']),
        start: instant,
        completedAt: instant,
        shareCents: z.int(),
        givenBackCents: z.int(),
        payableCents: z.int(),
        status: z.enum(['none', 'waiting_for_onboarding', 'scheduled', 'paid', 'reversed', 'failed']),
        isOnHold: z.boolean(),
        dueAt: instant,
        paidAt: instant,
        reversedCents: z.int(),
        transferId: z.string().nullable(),
      }),
    ),
  })
  .openapi('Earnings')
export type Earnings = z.infer<typeof earningsView>

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
      sql<boolean>`(purchases.payouts_stopped is not null or exists (
      select from disputes where disputes.purchase_id = purchases.id and disputes.status = 'open'))`.as(
        'isPaused',
      ),
    )
    .where('bookings.hostId', '=', hostId)
    .where('bookings.state', '=', 'completed')
    .orderBy('bookings.completedAt', 'desc')
    .execute()
  const sessions = rows.map((row) => {
    const dueAt = row.dueAt ?? (row.completedAt ? addHours(row.completedAt, payoutDelayHours) : null)
    return {
      bookingId: row.id,
      memberName: row.fullName,
      plan: row.plan,
      start: row.startAt?.toISOString() ?? null,
      completedAt: row.completedAt?.toISOString() ?? null,
      shareCents: row.hostCents,
      givenBackCents: row.hostRefundedCents,
      payableCents: row.hostCents - row.hostRefundedCents,
      status: row.payoutStatus,
      isOnHold: row.isPaused && row.transferId === null,
      dueAt: dueAt?.toISOString() ?? null,
      paidAt: row.paidAt?.toISOString() ?? null,
      reversedCents: row.reversedCents ?? 0,
      transferId: row.transferId,
    }
  })
  type Session = (typeof sessions)[number]
  const isDue = (one: Session) =>
    !one.isOnHold && one.status !== 'failed' && one.dueAt !== null && new Date(one.dueAt) <= now()
  const unpaid = sessions.filter((one) => one.transferId === null && one.status !== 'reversed')
  const sum = (some: Session[]) => some.reduce((total, one) => total + one.payableCents, 0)
  return {
    currency: 'AUD',
    pendingCents: sum(unpaid.filter((one) => !isDue(one))),
    availableCents: sum(unpaid.filter(isDue)),
    paidCents: sum(sessions.filter((one) => one.transferId !== null)),
    canOpenDashboard: host.stripeAccountId !== null && host.onboardingStatus === 'complete',
    sessions,
  }
}

const columns = [
  'Session',
  'Start (UTC)',
  'Member',
  'Plan',
  'Share (AUD)',
  'Given back (AUD)',
  'Payable (AUD)',
  'Status',
  'Due (UTC)',
  'Paid (UTC)',
  'Taken back (AUD)',
  'Transfer',
]

/** The same as comma-separated values (RFC 4180), one line a session. */
export function earningsFile(earnings: Earnings): string {
  const lines = earnings.sessions.map((one) => [
    one.bookingId,
    one.start,
    one.memberName,
    one.plan,
    centsToAmount(one.shareCents).toFixed(2),
    centsToAmount(one.givenBackCents).toFixed(2),
    centsToAmount(one.payableCents).toFixed(2),
    one.isOnHold ? 'on hold' : one.status.replaceAll('_', ' '),
    one.dueAt,
    one.paidAt,
    centsToAmount(one.reversedCents).toFixed(2),
    one.transferId,
  ])
  return [columns, ...lines].map(csvLine).join('')
}
