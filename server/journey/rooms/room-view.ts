// The answers about a session's room.
import { z } from 'zod'
import { roles } from '../bookings/participant.ts'
import { roomStatuses } from '../bookings/room-window.ts'

const moment = z.iso.datetime()

/** In a room of ours: the visit that has begun, and how to connect to the other browser. */
const ownVisitView = z.object({
  id: z.uuid(),
  iceServers: z.array(
    z.object({
      urls: z.array(z.string()),
      username: z.string().optional(),
      credential: z.string().optional(),
    }),
  ),
  isRelayOnly: z.boolean(),
})
export type OwnVisit = z.infer<typeof ownVisitView>

export const joinAnswerView = z
  .object({
    /**
     * Where the room is, for its frame; null where the page itself is the room, and then there is a visit.
     */
    url: z.string().nullable(),
    visit: ownVisitView.nullable(),
    role: z.enum(roles),
    displayName: z.string(),
    otherName: z.string(),
    start: moment,
    end: moment,
    roomClosesAt: moment,
  })
  .meta({ id: 'Joining' })
export type JoinAnswer = z.infer<typeof joinAnswerView>

export const openRoomView = z.object({ roomStatus: z.enum(roomStatuses).extract(['active']) })

export const roomPresenceView = z.object({
  hostIsIn: z.boolean(),
  memberIsIn: z.boolean(),
  hostJoinedAt: moment.nullable(),
  memberJoinedAt: moment.nullable(),
  /** When you may leave with the other's absence recorded; null once the other has been there. */
  mayLeaveAt: moment.nullable(),
})
export type RoomPresence = z.infer<typeof roomPresenceView>
