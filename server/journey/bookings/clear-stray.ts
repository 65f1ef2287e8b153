// Cal.com was silent when a time was booked, so the time was given back. A booking that Cal.com made all the
// same is cancelled.
import { endCall } from '../../calls/call-once.ts'
import { cancelCalBooking, findCalBooking } from '../../integrations/calcom-bookings.ts'
import type { Context } from '../context.ts'
import { contactEmail } from '../members/member.ts'
import { calAccountOf } from '../times/calendar.ts'

export async function clearStray(
  ctx: Context,
  stray: { bookingId: string; attempt: number; startAt: string },
): Promise<void> {
  const booking = await ctx.db
    .selectFrom('bookings')
    .selectAll()
    .where('id', '=', stray.bookingId)
    .executeTakeFirst()
  if (!booking) return
  const member = await ctx.db
    .selectFrom('members')
    .selectAll()
    .where('id', '=', booking.memberId)
    .executeTakeFirstOrThrow()
  const host = await ctx.db
    .selectFrom('hosts')
    .selectAll()
    .where('id', '=', booking.hostId)
    .executeTakeFirstOrThrow()
  const found = await findCalBooking(ctx.calcom, {
    account: calAccountOf(host),
    bookingId: stray.bookingId,
    attempt: stray.attempt,
    start: new Date(stray.startAt),
    attendee: {
      name: member.fullName,
      email: contactEmail(member),
      timeZone: member.timeZone,
      mobileNumber: member.mobileNumber,
    },
  })
  if (found && found.uid !== booking.calBookingUid)
    await cancelCalBooking(ctx.calcom, found.uid, 'Not confirmed in time')
  // The call has been looked up and is over.
  await endCall(ctx.db, `calcom-book:${stray.bookingId}:${stray.attempt}`)
}
