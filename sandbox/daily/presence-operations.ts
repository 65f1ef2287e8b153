// Who is in a room, who was, and ejecting people.
// https://docs.daily.co/reference/rest-api/rooms/get-room-presence, .../meetings, .../rooms/eject
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { invalid, jsonBody, ok, page, refused, unknownRoom } from './answers.ts'
import { takeOut } from './lines.ts'
import { meetings, sessions } from './meeting.ts'
import type { Meeting, Session } from './meeting.ts'
import { keepRoom, liveRoom } from './room.ts'

const present = (ctx: SandboxContext, one: Session) => ({
  id: one.id,
  room: one.room,
  userId: one.userId,
  userName: one.userName,
  joinTime: new Date(one.joinedAt * 1000).toISOString(),
  duration: Math.max(0, Math.floor(ctx.clock.now() / 1000 - one.joinedAt)),
})

function meetingAnswer(ctx: SandboxContext, meeting: Meeting) {
  const now = ctx.clock.now() / 1000
  return {
    id: meeting.id,
    room: meeting.room,
    start_time: Math.floor(meeting.startedAt),
    duration: Math.round((meeting.endedAt ?? now) - meeting.startedAt),
    ongoing: meeting.endedAt === null,
    max_participants: meeting.maxParticipants,
    participants: participants(ctx, meeting),
  }
}

function participants(ctx: SandboxContext, meeting: Meeting) {
  const now = ctx.clock.now() / 1000
  // The records are coarse: joining times to 15 seconds, and nothing of stays under 10.
  const kept = meeting.participants.filter((one) => (one.leftAt ?? now) - one.joinedAt >= 10)
  return kept.map((one) => ({
    user_id: one.userId,
    participant_id: one.participantId,
    user_name: one.userName,
    join_time: Math.floor(one.joinedAt / 15) * 15,
    duration: Math.round((one.leftAt ?? now) - one.joinedAt),
  }))
}

function listMeetings(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const { query } = request
  const from = Number(query.get('timeframe_start') ?? 0)
  const to = Number(query.get('timeframe_end') ?? Infinity)
  const asked = meetings(ctx).filter(
    (meeting) =>
      (!query.has('room') || meeting.room === query.get('room')) &&
      (!query.has('ongoing') || (meeting.endedAt === null) === (query.get('ongoing') === 'true')) &&
      (meeting.endedAt ?? Infinity) >= from &&
      meeting.startedAt <= to,
  )
  const data = page(asked, query, (meeting) => meeting.id).map((meeting) => meetingAnswer(ctx, meeting))
  return ok({ total_count: asked.length, data })
}

function eject(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const name = request.params['name'] ?? ''
  const room = liveRoom(ctx, name)
  if (!room) return unknownRoom(name)
  const read = jsonBody(request)
  if ('answer' in read) return read.answer
  const { ids = [], user_ids: userIds = [], ban = false } = read.body
  if (!isTexts(ids) || !isTexts(userIds))
    return invalid('ids and user_ids must be arrays of at most 100 strings')
  if (typeof ban !== 'boolean') return invalid('ban must be a boolean')
  if (ids.length + userIds.length === 0) return invalid('either ids or user_ids is required')
  return ctx.store.transaction(() => {
    if (ban) keepRoom(ctx, { ...room, bannedUserIds: [...new Set([...room.bannedUserIds, ...userIds])] })
    const ejected = sessions(ctx, name).filter((one) => ids.includes(one.id) || userIds.includes(one.userId))
    for (const one of ejected) takeOut(ctx, one.id, 'removed')
    return ok({ ejectedIds: ejected.map((one) => one.id) })
  })
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= 100 && value.every((each) => typeof each === 'string')

const findMeeting = (ctx: SandboxContext, id: string | undefined) =>
  ctx.store.get<Meeting>('daily.meeting', id ?? '')
const unknownMeeting = refused(404, 'not-found', 'meeting not found')

export const presenceOperations: Operation[] = [
  {
    name: 'presence.list',
    method: 'GET',
    path: '/v1/presence',
    handle: (_request, ctx) =>
      ok(
        Object.groupBy(
          sessions(ctx).map((one) => present(ctx, one)),
          (one) => one.room,
        ),
      ),
  },
  {
    name: 'rooms.presence',
    method: 'GET',
    path: '/v1/rooms/:name/presence',
    handle: (request, ctx) => {
      const name = request.params['name'] ?? ''
      if (!liveRoom(ctx, name)) return unknownRoom(name)
      const all = sessions(ctx, name).filter((one) =>
        [null, one.userId].includes(request.query.get('userId')),
      )
      const limit = Number(request.query.get('limit') ?? all.length)
      return ok({ total_count: all.length, data: all.slice(0, limit).map((one) => present(ctx, one)) })
    },
  },
  { name: 'rooms.eject', method: 'POST', path: '/v1/rooms/:name/eject', handle: eject },
  { name: 'meetings.list', method: 'GET', path: '/v1/meetings', handle: listMeetings },
  {
    name: 'meetings.get',
    method: 'GET',
    path: '/v1/meetings/:meeting',
    handle: (request, ctx) => {
      const meeting = findMeeting(ctx, request.params['meeting'])
      if (!meeting) return unknownMeeting
      // A single meeting comes without its participants, which have an address of their own.
      const { participants: _people, ...answer } = meetingAnswer(ctx, meeting)
      return ok(answer)
    },
  },
  {
    name: 'meetings.participants',
    method: 'GET',
    path: '/v1/meetings/:meeting/participants',
    handle: (request, ctx) => {
      const meeting = findMeeting(ctx, request.params['meeting'])
      return meeting ? ok({ data: participants(ctx, meeting) }) : unknownMeeting
    },
  },
]
