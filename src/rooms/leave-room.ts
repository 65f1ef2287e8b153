import { api } from '../api/api.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import type { JoinAnswer } from '../../server/journey/rooms/room-view.ts'
import { now } from '../words/clock.ts'

/** Leaves the room, and ends the session where nobody is left in it or its time is up. */
export async function leaveRoom(booking: Booking, room: JoinAnswer | undefined): Promise<void> {
  if (room?.visit) await api.endVisit(booking.id, room.visit.id)
  await api.leave(booking.id)
  if ((await api.booking(booking.id)).state !== 'created') return
  const presence = await api.presence(booking.id)
  const isTimeUp = booking.end !== null && Date.parse(booking.end) <= now().getTime()
  const wereBothThere = presence.hostJoinedAt !== null && presence.memberJoinedAt !== null
  const hasBegun = booking.start !== null && Date.parse(booking.start) <= now().getTime()
  if (isTimeUp || (hasBegun && wereBothThere && !presence.hostIsIn && !presence.memberIsIn))
    await api.complete(booking.id)
}

/** A session whose time is up goes on until the room closes, so that nobody is cut off in mid-sentence. */
export function isOverFor(booking: Booking, isInside: boolean, at: Date): boolean {
  if (booking.roomClosesAt !== null && at.getTime() >= Date.parse(booking.roomClosesAt)) return true
  if (booking.state === 'created') return booking.outcome === 'unknown'
  const isInOvertime =
    isInside &&
    booking.state === 'completed' &&
    booking.end !== null &&
    at.getTime() >= Date.parse(booking.end) - 5_000
  return !isInOvertime
}
