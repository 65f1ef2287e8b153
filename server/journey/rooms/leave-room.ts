// A person says that they have left or are done. It only makes us look: the video provider's events say who was there.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { askOperator } from '../../db/operator-tasks.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { type Participant, roleOf } from './join-room.ts'
import { settleSession } from './settle-session.ts'

async function ownBooking(ctx: Context, who: Participant, bookingId: string) {
  const booking = await ctx.db.selectFrom('bookings').selectAll().where('id', '=', bookingId).executeTakeFirst()
  const role = booking && roleOf(booking, who)
  if (!booking || !role) throw notFound('session')
  return { booking, role }
}

export async function leaveRoom(ctx: Context, who: Participant, bookingId: string): Promise<void> {
  const { booking } = await ownBooking(ctx, who, bookingId)
  if (booking.state !== 'created') return
  await inTransaction(ctx.db, (tx) =>
    enqueue(tx, 'settle-session', { bookingId, attempt: booking.attempt }, { at: new Date(now().getTime() + 35_000) }),
  )
}

/** Settles now, if both have left or the time is up; refuses with conflict otherwise. */
export async function completeSession(ctx: Context, who: Participant, bookingId: string): Promise<void> {
  const { booking } = await ownBooking(ctx, who, bookingId)
  if (booking.state !== 'created') return
  if (now() < booking.startAt!) throw new Refusal('conflict', 'This session has not started yet.')
  const settlement = await settleSession(ctx, bookingId, booking.attempt, true)
  if (settlement === 'too_early') {
    throw new Refusal('conflict', 'The session is still going on. It ends when both have left, or when its time is up.')
  }
}

/** A member's private words after a session; nobody else ever reads them. */
export async function saveReflection(ctx: Context, memberId: string, bookingId: string, text: string): Promise<void> {
  const saved = await ctx.db
    .updateTable('bookings')
    .set({ reflection: text })
    .where('id', '=', bookingId)
    .where('memberId', '=', memberId)
    .executeTakeFirst()
  if (saved.numUpdatedRows !== 1n) throw notFound('session')
}

/** Something was wrong: an operator sees it at once. */
export async function reportSession(ctx: Context, who: Participant, bookingId: string, body: string): Promise<void> {
  const { role } = await ownBooking(ctx, who, bookingId)
  await inTransaction(ctx.db, async (tx) => {
    const reportId = newId()
    await tx.insertInto('reports').values({ id: reportId, bookingId, reporter: role, body, createdAt: now() }).execute()
    await askOperator(tx, {
      key: `report:${reportId}`,
      kind: 'report',
      bookingId,
      sentence: `The ${role} reported a problem with a session: "${body.slice(0, 300)}"`,
    })
  })
}
