// While a member confirms, the start they chose is reserved for a few minutes: here for both calendars, and
// at Cal.com for a host who is booked there. A reservation ends by itself, by the booking, or when the member
// leaves the page.
import { type Db, inTransaction, type Tx, violatedConstraint } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { releaseCalSlot, reserveCalSlot } from '../../integrations/calcom-slots.ts'
import { notFound, ProviderError, Refusal } from '../../lib/errors.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { findTerms } from '../plans/find-terms.ts'
import { calendarOf } from './calendar.ts'
import type { HostRow } from './find-bookable-host.ts'
import { findCalcom } from './find-calcom.ts'
import { findEventType } from './find-event-type.ts'
import { requireOffered } from './find-offered-times.ts'
import type { ReservedTime } from './free-times-view.ts'
import { forgetCalSlots } from './read-cal-slots.ts'

const reservedMinutes = 5

/** Replaces the session's earlier reservation. Refuses: time_taken, time_not_offered. */
export async function reserveTime(
  ctx: Context,
  input: { bookingId: string; memberId: string; host: HostRow; start: Date; viewerTimeZones?: string[] },
): Promise<ReservedTime> {
  const { host, start } = input
  const known = await ctx.db
    .selectFrom('bookings')
    .select(['memberId', 'purchaseId'])
    .where('id', '=', input.bookingId)
    .executeTakeFirst()
  if (known?.memberId !== input.memberId) throw notFound('session')
  const { sessionMinutes } = await findTerms(ctx.db, known.purchaseId)
  await requireOffered(ctx, host, start, {
    sessionMinutes,
    exceptBookingId: input.bookingId,
    ...(input.viewerTimeZones ? { viewerTimeZones: input.viewerTimeZones } : {}),
  })
  const releaseAt = addMinutes(now(), reservedMinutes)
  try {
    await inTransaction(ctx.db, async (tx) => {
      const booking = await tx
        .selectFrom('bookings')
        .select('state')
        .where('id', '=', input.bookingId)
        .forUpdate()
        .executeTakeFirst()
      if (!booking) throw notFound('session')
      if (booking.state === 'expired')
        throw new Refusal('session_expired', 'This session has expired and can no longer be booked.')
      if (booking.state !== 'pending' && booking.state !== 'created')
        throw new Refusal('session_over', 'This session has been used and cannot be given a time.')
      await releaseReservation(tx, input.bookingId)
      await clearEnded(tx, host.id)
      await tx
        .insertInto('slotReservations')
        .values({
          bookingId: input.bookingId,
          hostId: host.id,
          startAt: start,
          endAt: addMinutes(start, sessionMinutes),
          releaseAt,
        })
        .execute()
    })
  } catch (error) {
    if (violatedConstraint(error) === 'one_reservation_per_host_and_time') throw reservedByOther()
    throw error
  }
  if (calendarOf(host) === 'calcom') await reserveAtCalcom(ctx, input)
  return { start: start.toISOString(), releaseAt: releaseAt.toISOString() }
}

function reservedByOther(): Refusal {
  return new Refusal('time_taken', 'Somebody else is just choosing this time. Please choose another.')
}

/** Refuses with time_taken where another session has reserved this time. */
export async function requireUnreserved(
  tx: Tx,
  input: { hostId: string; start: Date; end: Date; bookingId: string },
): Promise<void> {
  const other = await tx
    .selectFrom('slotReservations')
    .select('bookingId')
    .where('hostId', '=', input.hostId)
    .where('startAt', '<', input.end)
    .where('endAt', '>', input.start)
    .where('releaseAt', '>', now())
    .where('bookingId', '!=', input.bookingId)
    .executeTakeFirst()
  if (other) throw reservedByOther()
}

/** Ends a session's reservation, here at once and at Cal.com by a job. */
export async function releaseReservation(tx: Tx, bookingId: string): Promise<void> {
  const released = await tx
    .deleteFrom('slotReservations')
    .where('bookingId', '=', bookingId)
    .returning('calReservationUid')
    .executeTakeFirst()
  if (released?.calReservationUid)
    await enqueue(tx, 'release-slot', { calReservationUid: released.calReservationUid })
}

/** The member has left the page. */
export async function cancelReservation(
  ctx: Context,
  input: { bookingId: string; memberId: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const booking = await tx
      .selectFrom('bookings')
      .select('memberId')
      .where('id', '=', input.bookingId)
      .executeTakeFirst()
    if (!booking || booking.memberId !== input.memberId) throw notFound('session')
    await releaseReservation(tx, input.bookingId)
  })
}

/** The rows of reservations that have ended make room for others. */
async function clearEnded(tx: Tx, hostId: string): Promise<void> {
  await tx
    .deleteFrom('slotReservations')
    .where('hostId', '=', hostId)
    .where('releaseAt', '<=', now())
    .execute()
}

/** For reconciliation: rows of hosts at whom nobody has looked since. */
export async function deleteEndedReservations(db: Db): Promise<void> {
  await db.deleteFrom('slotReservations').where('releaseAt', '<=', now()).execute()
}

/**
 * Keeps Cal.com's own visitors away too. If Cal.com is silent, our reservation is enough: booking decides.
 */
async function reserveAtCalcom(
  ctx: Context,
  input: { bookingId: string; host: HostRow; start: Date },
): Promise<void> {
  try {
    const eventTypeId = await findEventType(ctx, input.host)
    if (eventTypeId === undefined) return
    const calReservationUid = await reserveCalSlot(await findCalcom(ctx, input.host.id), {
      eventTypeId,
      start: input.start,
      minutes: reservedMinutes,
    })
    await inTransaction(ctx.db, async (tx) => {
      const stored = await tx
        .updateTable('slotReservations')
        .set({ calReservationUid })
        .where('bookingId', '=', input.bookingId)
        .where('hostId', '=', input.host.id)
        .where('startAt', '=', input.start)
        .executeTakeFirst()
      if (stored.numUpdatedRows === 0n) await enqueue(tx, 'release-slot', { calReservationUid })
    })
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.status !== 422) return
    await forgetCalSlots(ctx.db, [input.host.id])
    await inTransaction(ctx.db, (tx) => releaseReservation(tx, input.bookingId))
    throw new Refusal('time_taken', 'This time was just taken. Please choose another.')
  }
}

export async function releaseSlot(ctx: Context, calReservationUid: string): Promise<void> {
  await releaseCalSlot(ctx.calcom, calReservationUid)
}
