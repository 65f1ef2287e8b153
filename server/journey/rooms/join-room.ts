// Step 6: one tap. The join link is ours; the token is minted on this click, and a room that is missing is made now.
import { notFound, ProviderError, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import { roomOpensAt } from '../bookings/room-window.ts'
import type { Context } from '../context.ts'
import { createRoom } from './create-room.ts'
import { mintToken } from './sign-token.ts'


export type Joining = {
  url: string
  role: 'member' | 'host'
  displayName: string
  otherName: string
  start: string
  end: string
  roomClosesAt: string
}

export type Participant = { memberId?: string | undefined; hostId?: string | undefined }

/** Refuses: not_found (also to anybody else), not_scheduled, room_not_open, session_over, video_unavailable. */
export async function joinRoom(ctx: Context, who: Participant, bookingId: string): Promise<Joining> {
  const booking = await ctx.db
    .selectFrom('bookings')
    .innerJoin('hosts', 'hosts.id', 'bookings.hostId')
    .innerJoin('members', 'members.id', 'bookings.memberId')
    .selectAll('bookings')
    .select(['hosts.fullName as hostName', 'members.fullName as memberName'])
    .where('bookings.id', '=', bookingId)
    .executeTakeFirst()
  const role = booking && roleOf(booking, who)
  if (!booking || !role) throw notFound('session')
  if (booking.state === 'pending') throw new Refusal('not_scheduled', 'This session has no time yet. Choose one first.')
  if (booking.state !== 'created' || !booking.startAt || !booking.endAt) throw new Refusal('session_over', 'This session is over.')
  if (booking.calendarStatus !== 'confirmed') {
    throw new Refusal('room_not_open', "The host's calendar is still confirming this session. Please try again in a moment.")
  }
  if (now() < roomOpensAt(booking.startAt)) {
    throw new Refusal('room_not_open', 'The room opens 15 minutes before the session starts.', {
      opensAt: roomOpensAt(booking.startAt).toISOString(),
    })
  }
  try {
    const room = await createRoom(ctx, bookingId, booking.attempt, 'now')
    if (!room) throw new Refusal('session_over', 'This session is over.')
    const displayName = (role === 'host' ? booking.hostName : booking.memberName) || 'Member'
    const token = await mintToken(ctx, {
      roomName: room.name,
      personId: role === 'host' ? booking.hostId : booking.memberId,
      displayName,
      isHost: role === 'host',
      opensAt: room.opensAt,
      closesAt: room.closesAt,
    })
    return {
      url: `${room.url}?t=${token}`,
      role,
      displayName,
      otherName: (role === 'host' ? booking.memberName : booking.hostName) || 'Member',
      start: booking.startAt.toISOString(),
      end: booking.endAt.toISOString(),
      roomClosesAt: room.closesAt.toISOString(),
    }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw new Refusal('video_unavailable', 'The video room could not be reached just now. Please try again in a few seconds.')
  }
}

/** Which of its two people this is; undefined for anybody else. */
export function roleOf(booking: { memberId: string; hostId: string }, who: Participant): 'member' | 'host' | undefined {
  if (who.memberId === booking.memberId) return 'member'
  return who.hostId === booking.hostId ? 'host' : undefined
}
