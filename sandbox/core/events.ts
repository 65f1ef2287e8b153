// Tells open console pages what changed; a burst of changes becomes one message for each topic.
export type Events = {
  changed: (topic: string) => void
  /** Calls `listener` with the topics of each burst; answers how to stop. */
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
