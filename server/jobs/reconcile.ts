// The sweep that makes up for everything lost on the way: each line finds what should have happened by now
// and starts it again. Every verb is safe to repeat, so a sweep can only help.
import { sql } from 'kysely'
import { inTransaction } from '../db/client.ts'
import type { JobName } from '../db/jobs.ts'
import { addOperatorTask } from '../db/operator-tasks.ts'
import { addMinutes, now } from '../lib/time.ts'
import type { Context } from '../journey/context.ts'
import { opensMinutesBefore, preparedMinutesBefore } from '../journey/bookings/room-window.ts'
import { resumeAll } from './resume.ts'
import { reconcilePurchases } from '../journey/purchases/reconcile-purchases.ts'
import { reconcileVisits } from '../journey/rooms/end-visit.ts'

/** A room of a full hour may wait for its turn this long before its job is taken to be lost. */
const unpreparedAfterMinutes = 30

export async function reconcile(ctx: Context): Promise<void> {
  await reconcilePurchases(ctx)
  await reconcileVisits(ctx.db)
  const time = now()
  const created = ctx.db.selectFrom('bookings').select(['id', 'attempt']).where('state', '=', 'created')
  const unconfirmed = await created.where('calendarStatus', '=', 'confirming').execute()
  const ofSuspended = await created
    .where('startAt', '>', time)
    .where('hostId', 'in', ctx.db.selectFrom('hosts').select('id').where('status', '=', 'Suspended'))
    .execute()
  const unprepared = await created
    .where('startAt', '>', addMinutes(time, opensMinutesBefore))
    .where('startAt', '<=', addMinutes(time, preparedMinutesBefore - unpreparedAfterMinutes))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('rooms')
            .select('rooms.name')
            .whereRef('rooms.bookingId', '=', 'bookings.id')
            .whereRef('rooms.attempt', '=', 'bookings.attempt'),
        ),
      ),
    )
    .execute()
  const withoutRoom = await created
    .where('calendarStatus', '=', 'confirmed')
    .where('roomStatus', '=', 'not_created')
    .where('startAt', '<=', addMinutes(time, opensMinutesBefore))
    .where('endAt', '>', time)
    .execute()
  const unsettled = await created
    .where('endAt', '<=', addMinutes(time, -1))
    .where((eb) => eb.or([eb('outcome', 'is', null), eb('outcome', '!=', 'unknown')]))
    .execute()
  const expired = await ctx.db
    .selectFrom('bookings')
    .select('id')
    .where('state', '=', 'pending')
    .where('validUntil', '<=', time)
    .execute()
  const unpaid = await findUnpaid(ctx, addMinutes(time, -ctx.config.payoutDelayHours * 60 - 1))
  const unrefunded = await ctx.db
    .selectFrom('refunds')
    .select('id')
    .where('status', '=', 'requested')
    .where('createdAt', '<=', addMinutes(time, -1))
    .execute()
  const openRooms = await ctx.db
    .selectFrom('rooms')
    .select(['bookingId', 'attempt'])
    .where('status', '=', 'active')
    .where('closesAt', '<=', time)
    .execute()
  const unhandled = await ctx.db
    .selectFrom('webhookEvents')
    .select('id')
    .where('handledAt', 'is', null)
    .where((eb) =>
      eb.or([
        eb('parkedUntil', '<=', time),
        eb.and([eb('parkedUntil', 'is', null), eb('receivedAt', '<=', addMinutes(time, -5))]),
      ]),
    )
    .limit(500)
    .execute()

  await inTransaction(ctx.db, async (tx) => {
    await resumeAll(
      tx,
      'book-calendar',
      unconfirmed.map(({ id, attempt }) => ({ bookingId: id, attempt })),
    )
    await resumeAll(
      tx,
      'give-session-back',
      ofSuspended.map(({ id }) => ({ bookingId: id })),
    )
    await resumeAll(
      tx,
      'prepare-room',
      unprepared.map(({ id, attempt }) => ({ bookingId: id, attempt })),
    )
    await resumeAll(
      tx,
      'daily-create-room',
      withoutRoom.map(({ id, attempt }) => ({ bookingId: id, attempt })),
    )
    await resumeAll(
      tx,
      'settle-session',
      unsettled.map(({ id, attempt }) => ({ bookingId: id, attempt })),
    )
    await resumeAll(
      tx,
      'expire-booking',
      expired.map(({ id }) => ({ bookingId: id })),
    )
    await resumeAll(
      tx,
      'pay-host',
      unpaid.map(({ id }) => ({ bookingId: id })),
    )
    await resumeAll(
      tx,
      'send-refund',
      unrefunded.map(({ id }) => ({ refundId: id })),
    )
    await resumeAll(tx, 'close-room', openRooms)
    await resumeAll(
      tx,
      'handle-webhook',
      unhandled.map(({ id }) => ({ webhookEventId: id })),
    )
  })
  await reportSilence(ctx)
  await reportFailedJobs(ctx)
}

/**
 * Completed sessions whose host could be paid by now, and transfers of which the host holds more than is
 * owed.
 */
async function findUnpaid(ctx: Context, completedBefore: Date): Promise<{ id: string }[]> {
  const paused = ctx.db.selectFrom('disputes').select('purchaseId').where('status', '=', 'open')
  return ctx.db
    .selectFrom('bookings')
    .innerJoin('purchases', 'purchases.id', 'bookings.purchaseId')
    .innerJoin('hosts', 'hosts.id', 'bookings.hostId')
    .leftJoin('payouts', 'payouts.bookingId', 'bookings.id')
    .select('bookings.id')
    .where('bookings.state', '=', 'completed')
    .where('bookings.completedAt', '<=', completedBefore)
    .where('purchases.payoutsStopped', 'is', null)
    .where('bookings.purchaseId', 'not in', paused)
    .where((eb) =>
      eb.or([
        eb.and([eb('bookings.payoutStatus', '=', 'scheduled'), eb('hosts.canBePaid', '=', true)]),
        eb.and([eb('bookings.payoutStatus', '=', 'scheduled'), eb('payouts.bookingId', 'is', null)]),
        eb.and([
          eb('bookings.payoutStatus', '=', 'waiting_for_onboarding'),
          eb('hosts.canBePaid', '=', true),
        ]),
        eb.and([
          eb('bookings.payoutStatus', '=', 'paid'),
          eb(
            eb('payouts.amountCents', '-', eb.ref('payouts.reversedCents')),
            '>',
            eb('bookings.hostCents', '-', eb.ref('bookings.hostRefundedCents')),
          ),
        ]),
      ]),
    )
    .limit(500)
    .execute()
}

/** A session that ended an hour ago and could not be settled because the video provider stays silent. */
async function reportSilence(ctx: Context): Promise<void> {
  const stuck = await ctx.db
    .selectFrom('bookings')
    .select(['id', 'attempt'])
    .where('state', '=', 'created')
    .where('outcome', 'is', null)
    .where('endAt', '<=', addMinutes(now(), -60))
    .execute()
  await inTransaction(ctx.db, async (tx) => {
    for (const { id, attempt } of stuck) {
      await addOperatorTask(tx, {
        key: `unsettled:${id}:${attempt}`,
        kind: 'job_failed',
        bookingId: id,
        sentence:
          'A session ended an hour ago and its attendance could not be read from the video provider. It is tried again every minute.',
      })
    }
  })
}

/** Jobs that no sweep above would start again: an operator hears of each that failed for good. */
const unswept: JobName[] = ['send-message', 'release-calendar', 'warn-expiry']

async function reportFailedJobs(ctx: Context): Promise<void> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from pgboss.job where state = 'failed' and name in (${sql.join(unswept)}) limit 200`.execute(
    ctx.db,
  )
  await inTransaction(ctx.db, async (tx) => {
    for (const { id, name } of rows) {
      await addOperatorTask(tx, {
        key: `job_failed:${id}`,
        kind: 'job_failed',
        sentence: `Work of the kind "${name}" was tried again and again and failed for good. The log of the application says why.`,
      })
    }
  })
}
