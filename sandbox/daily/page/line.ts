// The connection to the room's server: messages arrive on an event stream that reconnects, answers are
// posted.

export type Media = { audio: boolean; video: boolean }
export type Participant = { id: string; name: string; owner: boolean; media: Media; scripted?: boolean }
export type Message =
  | { type: 'joined'; participant: Participant }
  | { type: 'left'; id: string }
  | { type: 'signal'; from: string; data: unknown }
  | { type: 'media'; from: string; media: Media }
  | { type: 'ejected'; reason: string }
export type Refusal = { reason: string; opensAt?: number }
export type Joined = {
  id: string
  key: string
  name: string
  owner: boolean
  startAudioOff: boolean
  startVideoOff: boolean
  others: Participant[]
}

const refusedPauseMs = 800
const room = location.pathname.replace(/\/$/, '')

async function post(path: string, body: unknown): Promise<Response> {
  return fetch(`${room}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

/** Enters the room; 'unreachable' when no answer came. */
export async function join(
  token: string,
  replaces: { id: string; key: string } | undefined,
): Promise<Joined | Refusal | 'unreachable'> {
  try {
    const response = await post('join', { token, replaces })
    return response.ok || response.status === 403 ? await response.json() : 'unreachable'
  } catch {
    return 'unreachable'
  }
}

export type Line = {
  /** Sends one message at a time, so that an offer never overtakes its candidates. */
  send: (body: { to: string; data: unknown } | { media: Media }) => void
  /** Tells the server, even while the page is closing. */
  leave: () => void
  close: () => void
}

/** `onGone`: the server no longer knows us. `onInterrupted`: the stream is down (true) or back (false). */
export function openLine(
  me: Joined,
  onMessage: (message: Message) => void,
  onGone: () => void,
  onInterrupted: (isDown: boolean) => void,
): Line {
  const identity = { session: me.id, key: me.key }
  const events = new EventSource(`${room}/events?${new URLSearchParams(identity)}`)
  let isOpen = true
  let last: Promise<unknown> = Promise.resolve()
  const close = () => {
    isOpen = false
    events.close()
  }
  const gone = () => {
    if (!isOpen) return
    close()
    onGone()
  }
  events.onopen = () => onInterrupted(false)
  events.onmessage = (event) => onMessage(JSON.parse(event.data))
  events.onerror = () => {
    if (!isOpen) return
    onInterrupted(true)
    // A broken stream reconnects by itself. A closed one was refused, or the page is unloading, which the
    // pause outlasts.
    if (events.readyState === EventSource.CLOSED) setTimeout(gone, refusedPauseMs)
  }
  return {
    send: (body) => {
      last = last.then(async () => {
        if (!isOpen) return
        const response = await post('signal', { ...identity, ...body }).catch(() => undefined)
        if (response?.status === 410) gone()
      })
    },
    leave: () => {
      close()
      navigator.sendBeacon(`${room}/leave`, JSON.stringify(identity))
    },
    close,
  }
}
