// Server-sent events: notifications of LISTEN/NOTIFY for the people whom they concern. Each event is only a
// hint to fetch again, so a page that missed one is up to date after the next.
import type { Context as HonoContext } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Change, EndedSignIn } from '../db/live.ts'
import { Refusal } from '../lib/errors.ts'
import { atOnce, maxOf } from '../lib/limits.ts'
import { now, toRealTime } from '../lib/time.ts'
import { type RequestEnv, requireSignedIn, type Who } from '../journey/request.ts'

type Viewer = { who: Who; address: string; send: (topics: string[]) => void; end: () => void }

const heartbeatMs = 20_000

export type LiveHub = {
  publish: (change: Change | EndedSignIn) => void
  /** Tells everybody to fetch everything again, after the connection to the database was lost. */
  publishAll: () => void
  stream: (c: HonoContext<RequestEnv>) => Response
  close: () => void
}

export function openLiveHub(): LiveHub {
  const viewers = new Set<Viewer>()

  const concerns = (change: Change, who: Who): boolean => {
    if (change.forOperators) return who.isOperator
    if (!change.memberId && !change.hostId) return true
    return (
      (change.memberId !== undefined && change.memberId === who.member?.id) ||
      (change.hostId !== undefined && change.hostId === who.host?.id)
    )
  }

  return {
    publish(change) {
      for (const viewer of viewers) {
        if ('endedSignInId' in change) {
          if (viewer.who.signIn.id === change.endedSignInId) viewer.end()
        } else if (concerns(change, viewer.who)) viewer.send(change.topics)
      }
    },
    publishAll() {
      for (const viewer of viewers)
        viewer.send(['bookings', 'purchases', 'likes', 'hosts', 'host', 'ops', 'me', 'slots'])
    },
    stream(c) {
      const who = requireSignedIn(c)
      const address = c.get('address')
      const open = [...viewers]
      const most = (max: number) => maxOf(max, c.get('ctx').config.limitFactor)
      if (
        viewers.size >= atOnce.liveUpdatesPerProcess ||
        open.filter((one) => one.who.personId === who.personId).length >= most(atOnce.liveUpdatesPerPerson) ||
        open.filter((one) => one.address === address).length >= most(atOnce.liveUpdatesPerAddress)
      )
        throw new Refusal(
          'too_many_requests',
          'Too many pages are open at the moment. Please close one you do not need.',
          { retryAfterSeconds: 30 },
        )
      // nginx and its kind would keep events back until a buffer is full.
      c.header('x-accel-buffering', 'no')
      return streamSSE(c, async (stream) => {
        const { promise: ended, resolve: end } = Promise.withResolvers<void>()
        const viewer: Viewer = {
          who,
          address,
          send: (topics) => void stream.writeSSE({ event: 'changed', data: JSON.stringify({ topics }) }),
          end,
        }
        viewers.add(viewer)
        stream.onAbort(end)
        await stream.writeSSE({ event: 'ready', data: '{}' })
        const beat = () => void stream.writeSSE({ event: 'heartbeat', data: '{}' })
        const isOver = () => toRealTime(now()) >= who.signIn.expiresAt
        const heartbeat = setInterval(() => (isOver() ? end() : beat()), heartbeatMs)
        await ended
        clearInterval(heartbeat)
        viewers.delete(viewer)
      })
    },
    close() {
      for (const viewer of viewers) viewer.end()
    },
  }
}
