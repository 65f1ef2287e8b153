// The server's clock as the pages know it. A browser's own clock may be wrong and the sandbox's may be
// moved, so nothing here uses the browser's time alone.
import { useEffect, useState } from 'react'

let offsetMs = 0
const watching = new Set<() => void>()

/** Computes the offset from `serverNow`, assumed to be from the middle of the request. */
export function correctClock(serverNow: string, sentAtMs: number, receivedAtMs: number): void {
  offsetMs = new Date(serverNow).getTime() - (sentAtMs + receivedAtMs) / 2
  for (const tick of watching) tick()
}

export function now(): Date {
  return new Date(Date.now() + offsetMs)
}

/**
 * The current moment, updated at every whole `everyMs` of the server's clock,
 * so that minutes change on the minute.
 */
export function useNow(everyMs = 1000): Date {
  const [moment, setMoment] = useState(now)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const tick = () => {
      clearTimeout(timer)
      const current = now()
      setMoment(current)
      timer = setTimeout(tick, everyMs - (current.getTime() % everyMs))
    }
    tick()
    watching.add(tick)
    return () => {
      watching.delete(tick)
      clearTimeout(timer)
    }
  }, [everyMs])
  return moment
}

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
