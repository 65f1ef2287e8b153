// One stream of server-sent events per page, which marks changed data as stale.
import { useEffect } from 'react'
import type { Topic } from '../../server/lib/topic.ts'
import { coalesce } from './coalesce.ts'
import { queryClient, settingsQuery, useMe } from './queries.ts'

const reopenAfterMs = 4000

const listening = new Set<() => void>()

/** Calls `hear` when this person's sessions changed on the server, or may have while the stream was down. */
export function whenSessionsChange(hear: () => void): () => void {
  listening.add(hear)
  return () => void listening.delete(hear)
}

function changed(data: string): void {
  const { topics } = JSON.parse(data) as { topics: Topic[] }
  if (topics.some((topic) => topic === 'signals' || topic === 'bookings' || topic === 'host'))
    for (const hear of listening) hear()
  // Signals between two browsers in a room belong to no query.
  if (topics.every((topic) => topic === 'signals')) return
  for (const topic of topics) void queryClient.invalidateQueries({ queryKey: [topic] })
  // The change may come from a moved clock, which the next countdown must know.
  askClock()
}

const askClock = coalesce(() => queryClient.refetchQueries(settingsQuery))

/** Opens the stream. After a gap everything is refetched, because missed changes are unknown. */
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

/** Receives live updates while somebody is signed in. */
export function useLiveUpdates(): void {
  const isSignedIn = Boolean(useMe().data)
  useEffect(() => (isSignedIn ? openLiveUpdates() : undefined), [isSignedIn])
}
