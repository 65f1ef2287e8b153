// A member cancels free of charge until some hours before the start, and forfeits the session later. A host
// who cancels always gives it back.
import { inTransaction } from '../../db/client.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { findTerms } from '../plans/find-terms.ts'
import { canChangeForFree, waitsForOperator } from './booking.ts'
import { type BookingRow, changeBooking, lockBooking } from './change-booking.ts'

export type CancelResult = 'given_back' | 'forfeited'

/**
 * In time the session is given back; later it is forfeited and the host is paid. Refuses: not_scheduled,
 * session_over.
 */
export async function cancelBooking(
  ctx: Context,
  input: { memberId: string; bookingId: string },
): Promise<CancelResult> {
  const result = await inTransaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, input.bookingId)
    if (!booking || booking.memberId !== input.memberId) throw notFound('session')
    requireCancellable(booking)
    const { freeChangeHours } = await findTerms(tx, booking.purchaseId)
    const isFree = canChangeForFree(booking, now(), freeChangeHours)
    await changeBooking(tx, booking, isFree ? 'cancelled_in_time' : 'cancelled_late', {
      payoutDelayHours: ctx.config.payoutDelayHours,
    })
    return isFree ? ('given_back' as const) : ('forfeited' as const)
  })
  failpoint('after-commit:cancelled')
  return result
}

/** The session goes back to the member with more time to use it and the offer of a refund. */
export async function cancelAsHost(
  ctx: Context,
  input: { hostId: string; bookingId: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, input.bookingId)
    if (!booking || booking.hostId !== input.hostId) throw notFound('session')
    requireCancellable(booking)
    await changeBooking(tx, booking, 'host_cancelled')
  })
}

function requireCancellable(booking: BookingRow): void {
  if (booking.state !== 'created')
    throw new Refusal('not_scheduled', 'This session has no time that could be cancelled.')
  if (waitsForOperator(booking))
    throw new Refusal('session_over', 'This session has ended. We are looking at what happened.')
  if (now() >= booking.startAt!)
    throw new Refusal('session_over', 'This session has already started and cannot be cancelled.')
}
