// Step 6: one tap. The join link is ours, the token is made on this click, and a missing room is made now.
import { sentenceFor } from '../../integrations/our-fault.ts'
import { iceServers } from '../../integrations/turn.ts'
import { notFound, ProviderError, Refusal } from '../../lib/errors.ts'
import { addMinutes, now, toRealTime } from '../../lib/time.ts'
import { otherOf, type Participant, type Role, roleOf } from '../bookings/participant.ts'
import { roomOpensAt } from '../bookings/room-window.ts'
import { firstName } from '../members/member.ts'
import type { Context } from '../context.ts'
import { beginVisit } from './begin-visit.ts'
import { createRoom } from './create-room.ts'
import type { RoomFacts } from './ensure-room.ts'
import type { JoinAnswer, OwnVisit } from './room-view.ts'
import { signToken } from './sign-token.ts'

/**
 * Refuses: not_found (also for somebody else's), not_scheduled, room_not_open, session_over,
 * video_unavailable.
 */
export async function joinRoom(ctx: Context, who: Participant, bookingId: string): Promise<JoinAnswer> {
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
  if (booking.state === 'pending')
    throw new Refusal('not_scheduled', 'This session has no time yet. Choose one first.')
  if (booking.state !== 'created' || !booking.startAt || !booking.endAt)
    throw new Refusal('session_over', 'This session is over.')
  if (booking.calendarStatus !== 'confirmed') {
    throw new Refusal(
      'room_not_open',
      "The host's calendar is still confirming this session. Please try again in a moment.",
    )
  }
  if (now() < roomOpensAt(booking.startAt)) {
    throw new Refusal('room_not_open', 'The room opens 15 minutes before the session starts.', {
      opensAt: roomOpensAt(booking.startAt).toISOString(),
    })
  }
  try {
    const room = await createRoom(ctx, bookingId, booking.attempt, 'now')
    if (!room) throw new Refusal('session_over', 'This session is over.')
    const entry =
      room.provider === 'daily'
        ? { url: await addressAtDaily(ctx, room, booking, role), visit: null }
        : { url: null, visit: await enterOwnRoom(ctx, room, booking, role) }
    return {
      ...entry,
      role,
      displayName: nameOf(booking, role),
      otherName: nameOf(booking, otherOf(role)),
      start: booking.startAt.toISOString(),
      end: booking.endAt.toISOString(),
      roomClosesAt: room.closesAt.toISOString(),
    }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw new Refusal(
      'video_unavailable',
      sentenceFor(error, 'The video room could not be reached just now. Please try again in a few seconds.'),
    )
  }
}

type Named = {
  id: string
  attempt: number
  memberId: string
  hostId: string
  memberName: string
  hostName: string
}

const nameOf = (booking: Named, role: Role) =>
  role === 'host' ? booking.hostName : firstName(booking.memberName, 'Member')

async function addressAtDaily(ctx: Context, room: RoomFacts, booking: Named, role: Role): Promise<string> {
  const token = await signToken(ctx, {
    roomName: room.name,
    personId: role === 'host' ? booking.hostId : booking.memberId,
    displayName: nameOf(booking, role),
    opensAt: room.opensAt,
    closesAt: room.closesAt,
  })
  return `${room.url}?t=${token}`
}

/** The TURN credentials are valid a little longer than the room, so that a lost connection can be renewed. */
async function enterOwnRoom(ctx: Context, room: RoomFacts, booking: Named, role: Role): Promise<OwnVisit> {
  const id = await beginVisit(ctx, booking.id, booking.attempt, role)
  return {
    id,
    iceServers: iceServers(ctx.config.turn, id, toRealTime(addMinutes(room.closesAt, 5))),
    isRelayOnly: ctx.config.turn.isRelayOnly,
  }
}
