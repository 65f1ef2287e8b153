// The line to our server during a call: it says again and again that we are here, brings what the other's
// browser tells, and takes what ours tells. The picture does not depend on it: while it is down a call that
// stands goes on.
import { api, ApiProblem } from '../../api/api.ts'
import type { VisitAnswer } from '../../../server/journey/rooms/visit-view.ts'
import { whenSessionsChange } from '../../api/live.ts'
import { sleep } from '../../words/clock.ts'

const beatMs = 8_000
/** While the two are still looking for each other, or the server could not be reached. */
const hurriedMs = 1_500
const maxConcurrent = 40

export type Line = {
  tell: (to: string, body: object) => void
  /** Whether to ask more often, because something is awaited. */
  hurry: (isHurried: boolean) => void
  close: () => void
}

type Hearing = { onAnswer: (answer: VisitAnswer) => void; onReachable: (isReachable: boolean) => void }

export function openLine(bookingId: string, visitId: string, { onAnswer, onReachable }: Hearing): Line {
  let after = 0
  let number = 0
  /** The last that was heard of each; one whose answer was lost is told again, even after it has arrived. */
  const lastHeard = new Map<string, number>()
  let isClosed = false
  let isHurried = false
  let isAsking = false
  let isAskedAgain = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let untold: { to: string; number: number; body: object }[] = []
  let isTelling = false

  async function ask(): Promise<void> {
    if (isAsking) {
      isAskedAgain = true
      return
    }
    isAsking = true
    isAskedAgain = false
    clearTimeout(timer)
    let isWell = true
    try {
      const answer = await api.keepVisit(bookingId, visitId, after)
      if (isClosed) return
      after = Math.max(after, ...answer.signals.map(({ id }) => id))
      const signals = answer.signals.filter(isNew)
      onReachable(true)
      onAnswer({ ...answer, signals })
    } catch (error) {
      isWell = false
      if (isClosed) return
      if (error instanceof ApiProblem && error.status === 404)
        return onAnswer({ state: 'closed', other: null, signals: [] })
      onReachable(false)
    } finally {
      isAsking = false
      if (!isClosed) {
        if (isAskedAgain && isWell) void ask()
        else timer = setTimeout(() => void ask(), isHurried || !isWell ? hurriedMs : beatMs)
      }
    }
  }

  function isNew(signal: VisitAnswer['signals'][number]): boolean {
    if (signal.number <= (lastHeard.get(signal.from) ?? 0)) return false
    lastHeard.set(signal.from, signal.number)
    return true
  }

  /** One request at a time, in order: the other's browser must hear the offer before what belongs to it. */
  async function tellAll(): Promise<void> {
    if (isTelling) return
    isTelling = true
    while (untold.length > 0 && !isClosed) {
      const { to } = untold[0]!
      const part = untold.filter((one) => one.to === to).slice(0, maxConcurrent)
      try {
        await api.tell(
          bookingId,
          visitId,
          to,
          part.map(({ number, body }) => ({ number, body })),
        )
        untold = untold.filter((one) => !part.includes(one))
      } catch (error) {
        // Refused for good, since the other has gone; anything else is tried again.
        if (error instanceof ApiProblem && error.status === 404)
          untold = untold.filter((one) => one.to !== to)
        else await sleep(hurriedMs)
      }
    }
    isTelling = false
  }

  const askNow = () => void ask()
  const forget = whenSessionsChange(askNow)
  addEventListener('online', askNow)
  document.addEventListener('visibilitychange', askNow)
  askNow()
  return {
    tell(to, body) {
      number += 1
      // There is one other: what was meant for an earlier visit of theirs is of no use, and must not stand in
      // the way.
      untold = untold.filter((one) => one.to === to)
      untold.push({ to, number, body })
      void tellAll()
    },
    hurry(next) {
      if (next && !isHurried && !isAsking) {
        clearTimeout(timer)
        timer = setTimeout(askNow, hurriedMs)
      }
      isHurried = next
    },
    close() {
      isClosed = true
      clearTimeout(timer)
      forget()
      removeEventListener('online', askNow)
      document.removeEventListener('visibilitychange', askNow)
    },
  }
}
