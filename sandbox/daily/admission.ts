// Who may enter a room now. Pure: takes the room, the token and the time, returns the reason of a refusal.
import type { Room } from './room.ts'
import type { TokenProperties } from './token.ts'

export type Refusal = {
  reason:
    | 'no_room'
    | 'room_expired'
    | 'token_missing'
    | 'token_foreign'
    | 'token_expired'
    | 'not_yet'
    | 'banned'
    | 'full'
  /** Milliseconds since the epoch when it opens, with `not_yet`. */
  opensAt?: number
}

export type Visit = {
  room: Room | undefined
  hasToken: boolean
  /** Undefined when there is no token or it is not signed by this domain. */
  token: TokenProperties | undefined
  domainId: string
  nowMs: number
  /** People in the room who would stay beside the newcomer. */
  presentCount: number
}

/** The reason of the refusal; undefined when the visit is allowed. */
export function refusal(visit: Visit): Refusal | undefined {
  const { room, token, nowMs } = visit
  if (!room) return { reason: 'no_room' }
  const exp = room.properties['exp']
  if (typeof exp === 'number' && exp * 1000 <= nowMs) return { reason: 'room_expired' }
  if (!visit.hasToken && room.privacy === 'private') return { reason: 'token_missing' }
  if (visit.hasToken) {
    const isForeign =
      !token ||
      (token.domain_id !== undefined && token.domain_id !== visit.domainId) ||
      (token.room_name !== undefined && token.room_name !== room.name)
    if (isForeign) return { reason: 'token_foreign' }
    if (token.exp !== undefined && token.exp * 1000 <= nowMs) return { reason: 'token_expired' }
    if (token.user_id !== undefined && room.bannedUserIds.includes(token.user_id)) return { reason: 'banned' }
  }
  const opensAt =
    Math.max(0, ...[room.properties['nbf'], token?.nbf].filter((nbf) => typeof nbf === 'number')) * 1000
  if (opensAt > nowMs) return { reason: 'not_yet', opensAt }
  const maxParticipants = room.properties['max_participants']
  if (typeof maxParticipants === 'number' && maxParticipants > 0 && visit.presentCount >= maxParticipants)
    return { reason: 'full' }
  return undefined
}

/** When a participant who enters now is ejected, in Unix seconds; the token's rules override the room's. */
export function ejectAt(room: Room, token: TokenProperties | undefined, joinedAt: number): number | null {
  const times: number[] = []
  if (token?.eject_at_token_exp || token?.eject_after_elapsed) {
    if (token.eject_at_token_exp && token.exp !== undefined) times.push(token.exp)
    if (token.eject_after_elapsed) times.push(joinedAt + token.eject_after_elapsed)
  } else {
    const { exp, eject_at_room_exp: atExp, eject_after_elapsed: elapsed } = room.properties
    if (atExp === true && typeof exp === 'number') times.push(exp)
    if (typeof elapsed === 'number' && elapsed > 0) times.push(joinedAt + elapsed)
  }
  return times.length === 0 ? null : Math.min(...times)
}
