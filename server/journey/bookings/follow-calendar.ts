// What a host does inside Cal.com: a cancelled or moved booking there is followed here, after fetching it again.
import { inTransaction } from '../../db/client.ts'
import { calBookingUrl, fetchCalBooking } from '../../integrations/calcom.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { changeBooking, lockBooking } from './change-booking.ts'
import { confirmTime } from './confirm-time.ts'
import { takingTheTime } from './schedule-booking.ts'

/** Follows the Cal.com booking that our booking knows as `uid`. Ignores what we caused ourselves. */
export async function followCalendar(ctx: Context, uid: string): Promise<void> {
  const ours = await ctx.db.selectFrom('bookings').select('id').where('calBookingUid', '=', uid).executeTakeFirst()
  if (!ours) return
  const cal = await fetchCalBooking(ctx.calcom, uid)
  if (!cal?.isCancelled) return
  const movedTo = cal.rescheduledToUid ? await fetchCalBooking(ctx.calcom, cal.rescheduledToUid) : undefined
  await takingTheTime(() =>
    inTransaction(ctx.db, async (tx) => {
      const booking = await lockBooking(tx, ours.id)
      // `confirming`: our own move is under way, and its answer decides.
      if (!booking || booking.state !== 'created' || booking.calBookingUid !== uid || booking.calendarStatus !== 'confirmed') return
      if (now() >= booking.startAt!) return
      if (!movedTo || movedTo.isCancelled) {
        await changeBooking(tx, booking, 'host_cancelled', { by: 'host' })
        return
      }
      const changed = await changeBooking(tx, booking, 'moved', {
        by: 'host',
        set: {
          startAt: movedTo.start,
          endAt: movedTo.end,
          attempt: booking.attempt + 1,
          calendarStatus: 'confirming',
          roomStatus: 'not_created',
          hostJoinedAt: null,
          memberJoinedAt: null,
        },
      })
      await confirmTime(tx, { ...changed, movedFromAt: booking.startAt }, { uid: movedTo.uid, url: calBookingUrl(movedTo.uid) })
    }),
  )
}
