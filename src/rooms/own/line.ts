// The signalling channel to our server during a call: a heartbeat that receives the other browser's signals
// and sends ours. A connected call goes on while it is down.
import { api } from '../../api/api.ts'
import { ApiProblem } from '../../api/request.ts'
import type { VisitAnswer } from '../../../server/journey/rooms/visit-view.ts'
import { whenSessionsChange } from '../../api/live.ts'
import { sleep } from '../../words/clock.ts'

const beatMs = 8_000
/** The faster interval, while the two are connecting or the server was unreachable. */
const hurriedMs = 1_500
const maxConcurrent = 40

export type Line = {
  tell: (to: string, body: object) => void
  /** Whether to poll more often, because something is awaited. */
  hurry: (isHurried: boolean) => void
  close: () => void
}

type Hearing = { onAnswer: (answer: VisitAnswer) => void; onReachable: (isReachable: boolean) => void }

export function openLine(bookingId: string, visitId: string, { onAnswer, onReachable }: Hearing): Line {
  let after = 0
  let number = 0
  /**
   * The last signal received from each visit: a signal whose answer was lost is
   * sent again, and must be dropped here.
   */
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

  /** One request at a time, in order: the other browser must get the offer before what follows from it. */
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
        // A refusal is final, since the other has left; anything else is retried.
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
      // Signals for an earlier visit of the other are useless, and must not block the queue.
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
