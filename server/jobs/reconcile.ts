// Reconciliation: each query finds work that should be done by now, and its job is started again. This
// recovers whatever a crash or a lost webhook left undone; every verb is safe to repeat.
import { inTransaction } from '../db/client.ts'
import { resumeAll } from '../db/resume-jobs.ts'
import { addMinutes, now } from '../lib/time.ts'
import type { Context } from '../journey/context.ts'
import { opensMinutesBefore, preparedMinutesBefore } from '../journey/bookings/room-window.ts'
import { reportStuckWork } from './report-stuck-work.ts'
import { reconcilePurchases } from '../journey/purchases/reconcile-purchases.ts'
import { leaveCalendars } from '../journey/bookings/leave-calendar.ts'
import { clearUnusedCodes } from '../journey/members/clear-unused-codes.ts'
import { endBlockedMeetings } from '../journey/bookings/set-block.ts'
import { findDeletions } from '../journey/privacy/find-deletions.ts'
import { reconcileVisits } from '../journey/rooms/end-visit.ts'

/** A room may wait so long for Daily's rate limit before its job counts as lost. */
const unpreparedAfterMinutes = 30

export async function reconcile(ctx: Context): Promise<void> {
  await reconcilePurchases(ctx)
  await reconcileVisits(ctx.db)
  await leaveCalendars(ctx.db)
  await clearUnusedCodes(ctx.db)
  await endBlockedMeetings(ctx.db)
  const time = now()
  await ctx.db.deleteFrom('requestCounts').where('endsAt', '<=', addMinutes(time, -60)).execute()
  const created = ctx.db.selectFrom('bookings').select(['id', 'attempt']).where('state', '=', 'created')
  const unconfirmed = await created.where('calendarStatus', '=', 'confirming').execute()
  const ofSuspended = await created
    .where('startAt', '>', time)
    .where((eb) =>
      eb.or([
        eb('hostId', 'in', eb.selectFrom('hosts').select('id').where('status', '=', 'Suspended')),
        eb('memberId', 'in', eb.selectFrom('members').select('id').where('status', '=', 'Suspended')),
      ]),
    )
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
    .execute()

  const unclear = await ctx.db
    .selectFrom('calendarEntries')
    .select(['bookingId', 'attempt'])
    .where('wanted', '=', 'absent')
    .where('seen', '!=', 'absent')
    .execute()

  const leaving = await findDeletions(ctx.db)

  await inTransaction(ctx.db, async (tx) => {
    await resumeAll(tx, 'end-obligations', leaving.obliged)
    await resumeAll(tx, 'erase-person', leaving.due)
    await resumeAll(tx, 'erase-copies', leaving.copied)
    await resumeAll(tx, 'clear-entry', unclear)
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
  await reportStuckWork(ctx)
}

/** Completed sessions whose host could be paid by now, or whose host was paid too much. */
async function findUnpaid(ctx: Context, completedBefore: Date): Promise<{ id: string }[]> {
  const paused = ctx.db.selectFrom('pausedPurchases').select('purchaseId')
  return ctx.db
    .selectFrom('bookings')
    .innerJoin('hosts', 'hosts.id', 'bookings.hostId')
    .leftJoin('payouts', 'payouts.bookingId', 'bookings.id')
    .select('bookings.id')
    .where('bookings.state', '=', 'completed')
    .where('bookings.completedAt', '<=', completedBefore)
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
    .execute()
}
