// One stream of server-sent events for all tabs of a browser: six of them would use up the connections that
// HTTP/1.1 allows to one server, and the seventh tab would never load. A Web Lock says which tab has the
// stream; a BroadcastChannel passes on what it hears. A hidden tab leaves the stream to others.

type Heard = { event: 'ready' | 'changed'; data: string }
export type SharedStream = {
  /** Looks again whether this tab may have the stream: it was hidden or shown, or a call began. */
  reconsider: () => void
  close: () => void
}

const reopenAfterMs = 4000

/**
 * `name` is shared by the tabs of one person. `hear` is called in every tab; `isWanted` says whether this tab
 * may have the stream now.
 */
export function openSharedStream(
  name: string,
  isWanted: () => boolean,
  hear: (heard: Heard) => void,
): SharedStream {
  const channel = openChannel(name)
  if (channel) channel.onmessage = (message: MessageEvent<Heard>) => hear(message.data)
  let turn: AbortController | undefined

  async function take(mine: AbortController): Promise<void> {
    const hold = () =>
      new Promise<void>((resolve) => {
        const close = openStream((heard) => {
          hear(heard)
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
          channel?.postMessage(heard)
        })
        mine.signal.addEventListener('abort', () => {
          close()
          resolve()
        })
        if (mine.signal.aborted) close()
      })
    try {
      // Without a channel nobody else would hear, so that each tab has a stream of its own.
      if (channel && 'locks' in navigator) await navigator.locks.request(name, { signal: mine.signal }, hold)
      else await hold()
    } catch {
      // Aborted while waiting; or the browser forbids locks here, and this tab has a stream of its own.
      if (!mine.signal.aborted) await hold()
    }
  }

  function reconsider(): void {
    if (isWanted() === (turn !== undefined)) return
    turn?.abort()
    turn = isWanted() ? new AbortController() : undefined
    if (turn) void take(turn)
  }

  reconsider()
  return {
    reconsider,
    close() {
      turn?.abort()
      turn = undefined
      channel?.close()
    },
  }
}

function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name)
  } catch {
    return undefined // an old browser, or one that keeps tabs apart
  }
}

function openStream(hear: (heard: Heard) => void): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  function open() {
    source = new EventSource('/api/events')
    source.addEventListener('ready', ({ data }) => hear({ event: 'ready', data }))
    source.addEventListener('changed', ({ data }) => hear({ event: 'changed', data }))
    source.addEventListener('error', () => {
      // The browser reconnects by itself, except after a refusal.
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, reopenAfterMs)
    })
  }
  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}
