// Who is in the room now, for one of its two people.
import type { Context } from '../context.ts'
import type { Participant } from '../bookings/participant.ts'
import { findOwnBooking } from './find-own-booking.ts'
import { recordedLeaveAt } from './leave-room.ts'
import type { RoomPresence } from './room-view.ts'

/** Refuses with not_found. */
export async function readPresence(ctx: Context, who: Participant, bookingId: string): Promise<RoomPresence> {
  const { booking, role } = await findOwnBooking(ctx, who, bookingId)
  const inside = await ctx.db
    .selectFrom('attendance')
    .select('role')
    .where('bookingId', '=', booking.id)
    .where('attempt', '=', booking.attempt)
    .where('leftAt', 'is', null)
    .execute()
  return {
    hostIsIn: inside.some((stay) => stay.role === 'host'),
    memberIsIn: inside.some((stay) => stay.role === 'member'),
    hostJoinedAt: booking.hostJoinedAt?.toISOString() ?? null,
    memberJoinedAt: booking.memberJoinedAt?.toISOString() ?? null,
    mayLeaveAt: (await recordedLeaveAt(ctx, booking, role))?.toISOString() ?? null,
  }
}
