// Who is in which room: entering and leaving, the meetings this makes, and their events.
import { randomBytes, randomUUID } from 'node:crypto'
import type { SandboxContext } from '../core/provider.ts'
import { ejectAt } from './admission.ts'
import type { Room } from './room.ts'
import type { TokenProperties } from './token.ts'
import { emit } from './webhook.ts'

/** One person in one room, from entering to leaving. Times in Unix seconds with a fraction. */
export type Session = {
  id: string
  /** Proves to the routes that this browser is the one that entered. */
  key: string
  room: string
  meetingId: string
  userId: string
  userName: string
  owner: boolean
  joinedAt: number
  willEjectAt: number | null
  /** The token, not the room, sets the end. */
  hasOwnEnd: boolean
  /** Entered by a script, so a lost connection does not end it. */
  scripted: boolean
  startVideoOff: boolean
  startAudioOff: boolean
}

export type Meeting = {
  id: string
  room: string
  startedAt: number
  endedAt: number | null
  maxParticipants: number
  participants: {
    userId: string
    participantId: string
    userName: string
    joinedAt: number
    leftAt: number | null
  }[]
}

const seconds = (ctx: SandboxContext) => ctx.clock.now() / 1000
const rounded = (value: number) => Math.round(value * 1000) / 1000

export function sessions(ctx: SandboxContext, room?: string): Session[] {
  const all = ctx.store.list<Session>('daily.session')
  return room === undefined ? all : all.filter((session) => session.room === room)
}

export const session = (ctx: SandboxContext, id: string) => ctx.store.get<Session>('daily.session', id)
export const meetings = (ctx: SandboxContext) => ctx.store.list<Meeting>('daily.meeting')

/** Lets a person in, after the checks. Runs inside the caller's transaction. */
export function enter(
  ctx: SandboxContext,
  room: Room,
  token: TokenProperties | undefined,
  scripted: boolean,
): Session {
  const joinedAt = rounded(seconds(ctx))
  const present = sessions(ctx, room.name)
  const meeting =
    (present[0] && ctx.store.get<Meeting>('daily.meeting', present[0].meetingId)) ??
    startMeeting(ctx, room, joinedAt)
  const id = randomUUID()
  const one: Session = {
    id,
    key: randomBytes(18).toString('base64url'),
    room: room.name,
    meetingId: meeting.id,
    userId: token?.user_id ?? id,
    userName: token?.user_name ?? '',
    owner: token?.is_owner ?? false,
    joinedAt,
    willEjectAt: ejectAt(room, token, joinedAt),
    hasOwnEnd: token?.eject_at_token_exp === true || token?.eject_after_elapsed !== undefined,
    scripted,
    startVideoOff: token?.start_video_off ?? room.properties['start_video_off'] === true,
    startAudioOff: token?.start_audio_off ?? room.properties['start_audio_off'] === true,
  }
  ctx.store.put('daily.session', id, one)
  ctx.store.put('daily.meeting', meeting.id, {
    ...meeting,
    maxParticipants: Math.max(meeting.maxParticipants, present.length + 1),
    participants: [
      ...meeting.participants,
      { userId: one.userId, participantId: id, userName: one.userName, joinedAt, leftAt: null },
    ],
  } satisfies Meeting)
  if (one.willEjectAt !== null) ctx.schedule('daily', 'eject', one.willEjectAt * 1000, { sessionId: id })
  emitEvent(ctx, 'participant.joined', `ptcpt-join-${id}`, payload(one))
  ctx.changed('daily.presence')
  return one
}

/** Takes a person out; false if already out. Runs inside the caller's transaction. */
export function leave(ctx: SandboxContext, sessionId: string): boolean {
  const one = session(ctx, sessionId)
  if (!one) return false
  const leftAt = rounded(seconds(ctx))
  ctx.store.delete('daily.session', sessionId)
  emitEvent(ctx, 'participant.left', `ptcpt-left-${one.id}`, {
    ...payload(one),
    duration: rounded(leftAt - one.joinedAt),
  })
  const meeting = ctx.store.get<Meeting>('daily.meeting', one.meetingId)
  if (meeting) {
    const isOver = !sessions(ctx, one.room).some((other) => other.meetingId === meeting.id)
    ctx.store.put('daily.meeting', meeting.id, {
      ...meeting,
      endedAt: isOver ? leftAt : null,
      participants: meeting.participants.map((each) =>
        each.participantId === one.id ? { ...each, leftAt } : each,
      ),
    } satisfies Meeting)
    if (isOver) {
      emitEvent(ctx, 'meeting.ended', `mtg-end-${meeting.id}`, {
        start_ts: meeting.startedAt,
        end_ts: leftAt,
        meeting_id: meeting.id,
        room: meeting.room,
      })
    }
  }
  ctx.changed('daily.presence')
  return true
}

function startMeeting(ctx: SandboxContext, room: Room, startedAt: number): Meeting {
  const meeting: Meeting = {
    id: randomUUID(),
    room: room.name,
    startedAt,
    endedAt: null,
    maxParticipants: 0,
    participants: [],
  }
  emitEvent(ctx, 'meeting.started', `mtg-start-${meeting.id}`, {
    start_ts: startedAt,
    meeting_id: meeting.id,
    room: room.name,
  })
  return meeting
}

function emitEvent(ctx: SandboxContext, type: string, idStart: string, payloadOf: Record<string, unknown>) {
  const eventTs = rounded(seconds(ctx))
  emit(ctx, {
    version: '1.0.0',
    type,
    id: `${idStart}-${Math.round(eventTs * 1000)}`,
    payload: payloadOf,
    event_ts: eventTs,
  })
}

function payload(one: Session) {
  return {
    room: one.room,
    user_id: one.userId,
    user_name: one.userName,
    session_id: one.id,
    joined_at: one.joinedAt,
    will_eject_at: one.willEjectAt,
    owner: one.owner,
    permissions: { hasPresence: true, canSend: true, canReceive: { base: true }, canAdmin: one.owner },
  }
}
