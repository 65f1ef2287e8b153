// Ways around networks that let no direct line through: TURN servers of our own, with credentials that end by
// themselves, as coturn's "use-auth-secret" checks them
// (https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00).
import { createHmac } from 'node:crypto'
import type { Config } from '../config.ts'

export type IceServer = { urls: string[]; username?: string; credential?: string }

/**
 * What a browser is given; `id` is told to the TURN server beside the end of the credentials, which it checks
 * by real time.
 */
export function iceServers(turn: Config['turn'], id: string, endsAt: Date): IceServer[] {
  if (turn.urls.length === 0) return []
  const [stun, relays] = [
    turn.urls.filter((url) => url.startsWith('stun')),
    turn.urls.filter((url) => url.startsWith('turn')),
  ]
  return [
    ...(stun.length > 0 ? [{ urls: stun }] : []),
    ...(relays.length > 0 ? [{ urls: relays, ...credentials(turn.secret, id, endsAt) }] : []),
  ]
}

function credentials(secret: string, id: string, endsAt: Date): { username: string; credential: string } {
  const username = `${Math.floor(endsAt.getTime() / 1000)}:${id}`
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') }
}
