// Tells open console pages what changed; bursts are debounced to one message per topic.
export type Events = {
  changed: (topic: string) => void
  /** Calls `listener` with the topics of each burst; returns the unsubscribe function. */
  listen: (listener: (topics: string[]) => void) => () => void
  close: () => void
}

const burstMs = 100

export function openEvents(): Events {
  const listeners = new Set<(topics: string[]) => void>()
  const topics = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    timer = undefined
    const burst = [...topics]
    topics.clear()
    for (const listener of listeners) listener(burst)
  }
  return {
    changed: (topic) => {
      if (listeners.size === 0) return
      topics.add(topic)
      timer ??= setTimeout(flush, burstMs)
    },
    listen: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: () => clearTimeout(timer),
  }
}
