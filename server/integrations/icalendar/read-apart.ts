// Reads calendars outside the event loop: one after the other in a worker thread with a limit of memory,
// which a watchdog ends after its time. Whatever a calendar does, everybody else's requests go on.
import { Worker } from 'node:worker_threads'
import { CalendarUnreadable } from './address.ts'
import type { CalendarReading, Window } from './busy-times.ts'
import type { Span } from './series.ts'
import type { Answer, Question } from './reading-thread.ts'

const deadlineMs = 15_000
/** For a thread to start and load its modules. */
const startDeadlineMs = 60_000
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64 }

let worker: { thread: Worker; isStarted: boolean } | undefined
let last: Promise<unknown> = Promise.resolve()

/** Throws CalendarUnreadable where it is no calendar, or needs too much time or memory. */
export function readCalendarApart(
  bytes: Uint8Array,
  window: Window,
  patienceMs = deadlineMs,
): Promise<CalendarReading> {
  const turn = last.then(() => readNow(bytes, window, patienceMs))
  last = turn.catch(() => undefined)
  return turn
}

async function readNow(bytes: Uint8Array, window: Window, patienceMs: number): Promise<CalendarReading> {
  const answer = await ask({ bytes: new Uint8Array(bytes), window }, patienceMs)
  if ('refused' in answer) throw new CalendarUnreadable(answer.refused)
  if ('failed' in answer) {
    console.warn(`A calendar could not be read, which is a mistake of ours: ${answer.failed}`)
    throw new CalendarUnreadable('This calendar cannot be read. We have been told.')
  }
  const busy: Span[] = []
  for (let at = 0; at < answer.busy.length; at += 2) busy.push([answer.busy[at]!, answer.busy[at + 1]!])
  return { busy, skipped: answer.skipped, skippedCount: answer.skippedCount }
}

function ask(question: Question, patienceMs: number): Promise<Answer> {
  const current = (worker ??= { thread: startWorker(), isStarted: false })
  const { thread } = current
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const giveUp = (sentence: string) => (cause?: unknown) => {
    worker = undefined
    thread.terminate().catch(() => undefined)
    reject(new CalendarUnreadable(sentence, cause))
  }
  const late = giveUp('This calendar takes too long to read.')
  let timer = setTimeout(late, current.isStarted ? patienceMs : startDeadlineMs)
  const hear = (message: Answer | 'started') => {
    if (message !== 'started') return resolve(message)
    current.isStarted = true
    clearTimeout(timer)
    timer = setTimeout(late, patienceMs)
  }
  // Out of memory, mostly.
  const broken = giveUp('This calendar needs more memory than there is for one.')
  thread.on('message', hear)
  thread.once('error', broken)
  thread.ref()
  thread.postMessage(question, [question.bytes.buffer as ArrayBuffer])
  return promise.finally(() => {
    clearTimeout(timer)
    thread.off('message', hear)
    thread.off('error', broken)
    // An idle thread keeps no process alive.
    thread.unref()
  })
}

function startWorker(): Worker {
  const thread = new Worker(new URL('./reading-thread.ts', import.meta.url), { resourceLimits })
  thread.on('error', () => undefined)
  return thread
}
