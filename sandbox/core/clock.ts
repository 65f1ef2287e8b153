// The sandbox's only source of "now". The offset is kept in the store.
import type { Store } from './store.ts'

export type Clock = {
  /** Milliseconds since the epoch, offset included. */
  now: () => number
  /** Whole Unix seconds, offset included. */
  seconds: () => number
  offsetMs: () => number
  /** Sets the offset to real time in milliseconds. */
  setOffset: (offsetMs: number) => void
}

export function openClock(store: Store): Clock {
  let offset = store.get<{ offsetMs: number }>('clock', 'clock')?.offsetMs ?? 0
  const now = () => Date.now() + offset
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    offsetMs: () => offset,
    setOffset: (offsetMs) => {
      offset = offsetMs
      store.put('clock', 'clock', { offsetMs })
    },
  }
}
