// TURN servers of our own, which relay video where a network allows no direct connection. Their credentials
// expire, as coturn's "use-auth-secret" checks them
// (https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00).
import { createHmac } from 'node:crypto'
import type { Config } from '../config.ts'

export type IceServer = { urls: string[]; username?: string; credential?: string }

/**
 * The ICE servers for a browser. `id` and `endsAt` are part of the credentials; the TURN server checks
 * `endsAt` by real time.
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
