// /v1/rooms: create, read, change, delete. https://docs.daily.co/reference/rest-api/rooms
import { randomBytes, randomUUID } from 'node:crypto'
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { ejectAt } from './admission.ts'
import { invalid, isRecord, jsonBody, ok, page, unknownRoom } from './answers.ts'
import { takeOut } from './lines.ts'
import { sessions } from './meeting.ts'
import { fault, roomDefaults, roomProperties } from './properties.ts'
import { domainName, isExpired, keepRoom, keptRoom, liveRoom, maxNamesLength, roomAnswer } from './room.ts'
import type { Room } from './room.ts'

type RoomRequest = {
  name: string | undefined
  privacy: Room['privacy'] | undefined
  properties: Record<string, unknown>
}

function roomRequest(request: ProviderRequest, allowed: string[]): RoomRequest | ProviderAnswer {
  const read = jsonBody(request)
  if ('answer' in read) return read.answer
  const unknown = Object.keys(read.body).find((name) => !allowed.includes(name))
  if (unknown) return invalid(`unknown parameter '${unknown}'`)
  const { name, privacy, properties = {} } = read.body
  if (name !== undefined && (typeof name !== 'string' || name === '' || /[^A-Za-z0-9_-]/.test(name))) {
    return invalid(`invalid room name '${String(name)}'`)
  }
  if (name !== undefined && domainName.length + name.length > maxNamesLength) {
    return invalid(
      `room name is too long: the domain name and the room name together cannot exceed ${maxNamesLength} characters`,
    )
  }
  if (privacy !== undefined && privacy !== 'public' && privacy !== 'private')
    return invalid(`invalid privacy '${String(privacy)}'`)
  if (!isRecord(properties)) return invalid(`'properties' should be an object`)
  const wrong = fault(properties, roomProperties)
  return wrong ? invalid(wrong) : { name, privacy, properties }
}

/** Merges properties; null and the default value both remove one. */
function merged(before: Record<string, unknown>, change: Record<string, unknown>) {
  return Object.fromEntries(
    Object.entries({ ...before, ...change }).filter(
      ([name, value]) => value !== null && value !== roomDefaults[name],
    ),
  )
}

function create(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const wanted = roomRequest(request, ['name', 'privacy', 'properties'])
  if ('status' in wanted) return wanted
  return ctx.store.transaction(() => {
    const name = wanted.name ?? randomBytes(15).toString('base64url').replace(/[-_]/g, 'x')
    const before = keptRoom(ctx, name)
    if (before && !isExpired(before, ctx.clock.now())) return invalid(`a room named ${name} already exists`)
    if (before) ctx.store.delete('daily.room', name)
    const room: Room = {
      id: randomUUID(),
      name,
      privacy: wanted.privacy ?? 'public',
      createdAt: new Date(ctx.clock.now()).toISOString(),
      properties: merged({}, wanted.properties),
      bannedUserIds: [],
    }
    keepRoom(ctx, room)
    return ok(roomAnswer(ctx, room))
  })
}

function update(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const wanted = roomRequest(request, ['privacy', 'properties'])
  if ('status' in wanted) return wanted
  const name = request.params['name'] ?? ''
  return ctx.store.transaction(() => {
    const before = liveRoom(ctx, name)
    if (!before) return unknownRoom(name)
    const room = {
      ...before,
      privacy: wanted.privacy ?? before.privacy,
      properties: merged(before.properties, wanted.properties),
    }
    keepRoom(ctx, room)
    for (const one of sessions(ctx, name)) {
      if (one.hasOwnEnd) continue
      const willEjectAt = ejectAt(room, undefined, one.joinedAt)
      if (willEjectAt === one.willEjectAt) continue
      ctx.store.put('daily.session', one.id, { ...one, willEjectAt })
      if (willEjectAt !== null) ctx.schedule('daily', 'eject', willEjectAt * 1000, { sessionId: one.id })
    }
    return ok(roomAnswer(ctx, room))
  })
}

function remove(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const name = request.params['name'] ?? ''
  const room = keptRoom(ctx, name)
  if (!room) return unknownRoom(name)
  const answer = isExpired(room, ctx.clock.now())
    ? { status: 404, body: { error: 'not-found', info: `room ${name} not found`, deleted: true } }
    : ok({ deleted: true, name })
  ctx.store.transaction(() => {
    ctx.store.delete('daily.room', name)
    for (const one of sessions(ctx, name)) takeOut(ctx, one.id, 'room_gone')
  })
  ctx.changed('daily.room')
  return answer
}

export const roomOperations: Operation[] = [
  { name: 'rooms.create', method: 'POST', path: '/v1/rooms', handle: create },
  {
    name: 'rooms.list',
    method: 'GET',
    path: '/v1/rooms',
    handle: (request, ctx) => {
      const live = ctx.store.list<Room>('daily.room').filter((room) => !isExpired(room, ctx.clock.now()))
      const data = page(live, request.query, (room) => room.id).map((room) => roomAnswer(ctx, room))
      return ok({ total_count: live.length, data })
    },
  },
  {
    name: 'rooms.get',
    method: 'GET',
    path: '/v1/rooms/:name',
    handle: (request, ctx) => {
      const name = request.params['name'] ?? ''
      const room = liveRoom(ctx, name)
      return room ? ok(roomAnswer(ctx, room)) : unknownRoom(name)
    },
  },
  { name: 'rooms.update', method: 'POST', path: '/v1/rooms/:name', handle: update },
  { name: 'rooms.delete', method: 'DELETE', path: '/v1/rooms/:name', handle: remove },
]
