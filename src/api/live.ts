// One stream of server-sent events for the whole page: what changed on the server becomes stale here at once.
import { useEffect } from 'react'
import type { Topic } from '../../server/lib/topic.ts'
import { queryClient, settingsQuery, useMe } from './queries.ts'

const reopenAfterMs = 4000

const listening = new Set<() => void>()

/**
 * Calls `hear` when something of this person's own sessions changed on the server, or may have while the
 * stream was away.
 */
export function whenSessionsChange(hear: () => void): () => void {
  listening.add(hear)
  return () => void listening.delete(hear)
}

function changed(data: string): void {
  const { topics } = JSON.parse(data) as { topics: Topic[] }
  if (topics.some((topic) => topic === 'signals' || topic === 'bookings' || topic === 'host'))
    for (const hear of listening) hear()
  // What two browsers tell each other in a room is in no query.
  if (topics.every((topic) => topic === 'signals')) return
  for (const topic of topics) void queryClient.invalidateQueries({ queryKey: [topic] })
  // What changed may have changed because the clock was moved; the next countdown must know.
  void queryClient.refetchQueries(settingsQuery, { cancelRefetch: false })
}

/** Opens the stream; after a gap everything is asked for again, since nobody knows what was missed. */
function openLiveUpdates(): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let hasBeenOpen = false

  function open() {
    source = new EventSource('/api/events')
    source.addEventListener('ready', () => {
      if (hasBeenOpen) void queryClient.invalidateQueries()
      hasBeenOpen = true
      for (const hear of listening) hear()
    })
    source.addEventListener('changed', (event) => changed(event.data))
    source.addEventListener('error', () => {
      // The browser reconnects by itself unless the answer was a refusal.
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, reopenAfterMs)
    })
  }

  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}

/** Live updates for as long as somebody is signed in. */
export function useLiveUpdates(): void {
  const isSignedIn = Boolean(useMe().data)
  useEffect(() => (isSignedIn ? openLiveUpdates() : undefined), [isSignedIn])
}
