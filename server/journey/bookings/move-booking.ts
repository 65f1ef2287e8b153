// Moving a session to another time with the same host: free until the terms' hours before the start, then refused.
import { inTransaction } from '../../db/client.ts'
import { breakPoint } from '../../lib/break-point.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { readTerms } from '../purchases/terms.ts'
import { changeIsFree, startsWhileValid } from './booking.ts'
import { changeBooking, lockBooking } from './change-booking.ts'
import { confirmTime } from './confirm-time.ts'
import { askCalendarNow, findBookableHost, requireOffered, takingTheTime } from './schedule-booking.ts'
import { calendarOf } from './find-offered-times.ts'

/** Refuses: not_scheduled, too_late_to_move, time_not_offered, time_taken, member_busy, session_expired. */
export async function moveBooking(ctx: Context, input: { memberId: string; bookingId: string; start: Date }): Promise<void> {
  const current = await ctx.db
    .selectFrom('bookings')
    .select(['hostId', 'state'])
    .where('id', '=', input.bookingId)
    .where('memberId', '=', input.memberId)
    .executeTakeFirst()
  if (!current) throw notFound('session')
  if (current.state !== 'created') throw new Refusal('not_scheduled', 'This session has no time that could be moved.')
  const host = await findBookableHost(ctx.db, current.hostId)
  const calendar = calendarOf(host)
  await requireOffered(ctx, host, input.start, input.bookingId)
  const attempt = await takingTheTime(() =>
    inTransaction(ctx.db, async (tx) => {
      const booking = await lockBooking(tx, input.bookingId)
      if (!booking || booking.state !== 'created') throw new Refusal('not_scheduled', 'This session has no time that could be moved.')
      const purchase = await tx.selectFrom('purchases').select('terms').where('id', '=', booking.purchaseId).executeTakeFirstOrThrow()
      const terms = readTerms(purchase.terms)
      if (booking.calendarStatus === 'confirming') {
        throw new Refusal('conflict', "The host's calendar is still confirming this session. Please try again in a moment.")
      }
      if (!changeIsFree(booking.startAt!, now(), terms.freeChangeHours)) {
        throw new Refusal('too_late_to_move', `A session can be moved until ${terms.freeChangeHours} hours before it starts. This one is closer than that.`)
      }
      if (!startsWhileValid(input.start, booking.validUntil)) {
        throw new Refusal('session_expired', 'This session must start before it expires. Please choose an earlier time.')
      }
      const changed = await changeBooking(tx, booking, 'moved', {
        set: {
          startAt: input.start,
          endAt: addMinutes(input.start, terms.sessionMinutes),
          attempt: booking.attempt + 1,
          calendar,
          calendarStatus: 'confirming',
          roomStatus: 'not_created',
          hostJoinedAt: null,
          memberJoinedAt: null,
        },
      })
      if (calendar === 'builtin') await confirmTime(tx, { ...changed, movedFromAt: booking.startAt }, null)
      return changed.attempt
    }),
  )
  breakPoint('after-commit:moved')
  if (calendar === 'calcom') await askCalendarNow(ctx, input.bookingId, attempt)
}
