// The server's clock as the pages see it. A browser's own clock may be wrong, and the sandbox's may be moved, so no rule
// here ever looks at the browser's time alone.
import { useEffect, useState } from 'react'

let offsetMs = 0

/** Learns the offset from an answer's `serverNow`, taken to be from the middle of the time the request took. */
export function correctClock(serverNow: string, sentAtMs: number, receivedAtMs: number): void {
  offsetMs = new Date(serverNow).getTime() - (sentAtMs + receivedAtMs) / 2
}

export function now(): Date {
  return new Date(Date.now() + offsetMs)
}

/** The current moment, again every `everyMs`. */
export function useNow(everyMs = 1000): Date {
  const [moment, setMoment] = useState(now)
  useEffect(() => {
    setMoment(now())
    const timer = setInterval(() => setMoment(now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return moment
}
