// Server-sent events, which mark changed data as stale. All tabs of a browser share one stream.
import { useEffect } from 'react'
import type { Topic } from '../../server/lib/topic.ts'
import { coalesce } from './coalesce.ts'
import { queryClient, settingsQuery, useMe } from './queries.ts'
import { openSharedStream, type SharedStream } from './shared-stream.ts'

const listening = new Set<() => void>()
let stream: SharedStream | undefined

/** Calls `hear` when this person's sessions changed on the server, or may have while the stream was down. */
export function whenSessionsChange(hear: () => void): () => void {
  listening.add(hear)
  stream?.reconsider()
  return () => {
    listening.delete(hear)
    stream?.reconsider()
  }
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
function openLiveUpdates(person: string): () => void {
  let hasBeenOpen = false
  // A call goes on while its tab is hidden, and its signals come by the stream.
  const isWanted = () => document.visibilityState === 'visible' || listening.size > 0
  const opened = openSharedStream(`presence.live.${person}`, isWanted, ({ event, data }) => {
    if (event === 'changed') return changed(data)
    if (hasBeenOpen) void queryClient.invalidateQueries()
    hasBeenOpen = true
    for (const hear of listening) hear()
  })
  stream = opened
  document.addEventListener('visibilitychange', opened.reconsider)
  return () => {
    document.removeEventListener('visibilitychange', opened.reconsider)
    opened.close()
    if (stream === opened) stream = undefined
  }
}

/** Receives live updates while somebody is signed in. Two people in one browser share nothing. */
export function useLiveUpdates(): void {
  const person = useMe().data?.mobileNumber
  useEffect(() => (person === undefined ? undefined : openLiveUpdates(person)), [person])
}
