// A room, stored under its name. A room past its `exp` counts as deleted, as Daily says.
import type { SandboxContext } from '../core/provider.ts'

export type Room = {
  id: string
  name: string
  privacy: 'public' | 'private'
  createdAt: string
  /** Only what was asked for, without defaults. */
  properties: Record<string, unknown>
  bannedUserIds: string[]
}

/** The name of the sandbox's Daily domain; with a room's name it may have at most 41 characters. */
export const domainName = 'presence'
export const maxNamesLength = 41

/** The room of this name, expired or not. */
export function keptRoom(ctx: SandboxContext, name: string): Room | undefined {
  return ctx.store.get<Room>('daily.room', name)
}

export function liveRoom(ctx: SandboxContext, name: string): Room | undefined {
  const room = keptRoom(ctx, name)
  return room && !isExpired(room, ctx.clock.now()) ? room : undefined
}

export function isExpired(room: Room, nowMs: number): boolean {
  const expiresAt = room.properties['exp']
  return typeof expiresAt === 'number' && expiresAt * 1000 <= nowMs
}

export function keepRoom(ctx: SandboxContext, room: Room) {
  ctx.store.put('daily.room', room.name, room)
  ctx.changed('daily.room')
}

/** The room as the API answers it. */
export function roomAnswer(ctx: SandboxContext, room: Room) {
  return {
    id: room.id,
    name: room.name,
    api_created: true,
    privacy: room.privacy,
    url: `${ctx.baseUrl}/daily/${room.name}`,
    created_at: room.createdAt,
    config: room.properties,
  }
}
