// The worker thread that reads calendars, so that nobody's calendar holds up anybody's request.
import { parentPort } from 'node:worker_threads'
import { CalendarUnreadable } from './address.ts'
import { busyTimesIn, type CalendarReading, type Window } from './busy-times.ts'

export type Question = { bytes: Uint8Array; window: Window }
export type Answer =
  | (Omit<CalendarReading, 'busy'> & { busy: Float64Array })
  | { refused: string }
  | { failed: string }

parentPort?.on('message', ({ bytes, window }: Question) => {
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window of a browser
  parentPort?.postMessage(answer(bytes, window))
})

// The time to read a calendar begins now: a busy machine may take seconds to start a thread.
// eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window of a browser
parentPort?.postMessage('started')

function answer(bytes: Uint8Array, window: Window): Answer {
  try {
    const { busy, ...rest } = busyTimesIn(bytes, window)
    // Numbers cross over without being copied one by one.
    return { ...rest, busy: Float64Array.from(busy.flat()) }
  } catch (error) {
    if (error instanceof CalendarUnreadable) return { refused: error.message }
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
