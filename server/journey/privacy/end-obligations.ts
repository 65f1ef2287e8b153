// What somebody who leaves still has ahead of them ends by the usual rules: sessions are cancelled, unused
// ones refunded. Each is an act of its own, so that a crash leaves the rest for the next run.
import type { Db } from '../../db/client.ts'
import { Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import { cancelAsHost, cancelBooking } from '../bookings/cancel-booking.ts'
import type { Context } from '../context.ts'
import { endOpenCheckouts } from '../purchases/end-older-checkouts.ts'
import { refundBooking } from '../refunds/refund-booking.ts'

export async function endObligations(ctx: Context, deletionId: string): Promise<void> {
  const leaving = await findLeaving(ctx.db, deletionId)
  if (!leaving) return
  const { memberId, hostId } = leaving
  if (memberId) {
    await endOpenCheckouts(ctx, memberId)
    for (const { id } of await sessionsOf(ctx.db, { memberId }, 'created'))
      await unlessRefused(() => cancelBooking(ctx, { memberId, bookingId: id }))
    for (const { id } of await sessionsOf(ctx.db, { memberId }, 'pending'))
      await unlessRefused(() =>
        refundBooking(ctx, { memberId, bookingId: id, reason: 'The account is being deleted' }),
      )
  }
  if (hostId)
    for (const { id } of await sessionsOf(ctx.db, { hostId }, 'created'))
      await unlessRefused(() => cancelAsHost(ctx, { hostId, bookingId: id }))
}

/** Undefined once it was undone or carried out. */
function findLeaving(db: Db, deletionId: string) {
  return db
    .selectFrom('deletions')
    .select(['memberId', 'hostId'])
    .where('id', '=', deletionId)
    .where('undoneAt', 'is', null)
    .where('carriedOutAt', 'is', null)
    .executeTakeFirst()
}

function sessionsOf(db: Db, who: { memberId: string } | { hostId: string }, state: 'created' | 'pending') {
  return db
    .selectFrom('bookings')
    .select('id')
    .where('state', '=', state)
    .$call((query) =>
      'memberId' in who ? query.where('memberId', '=', who.memberId) : query.where('hostId', '=', who.hostId),
    )
    .where((eb) => eb.or([eb('startAt', 'is', null), eb('startAt', '>', now())]))
    .orderBy('id')
    .execute()
}

/** What changed meanwhile, is disputed or is too late stays as it is. */
async function unlessRefused(act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}
