// The application's side of the movable clock: gets the offset, and says when its next session is.
import type { SandboxContext } from './provider.ts'

export type NextSession = { startAt: number; endAt: number }

export type Application = {
  /** Sends the present offset and retries in the background; true when confirmed within 5 seconds. */
  pushClock: () => Promise<boolean>
  /** The earliest accepted booking ahead; undefined when none is known or the application is unreachable. */
  nextSession: () => Promise<NextSession | undefined>
  close: () => void
}

const answerTimeoutMs = 5000
const retryMs = { first: 250, max: 5000 }

export function openApplication(ctx: SandboxContext, clockKey: string | undefined): Application {
  const url = `${ctx.appUrl}/clock`
  const headers = { authorization: `Bearer ${clockKey}`, 'content-type': 'application/json' }
  let timer: NodeJS.Timeout | undefined
  const stop = new AbortController()
  const ask = (init: RequestInit) =>
    fetch(url, {
      ...init,
      headers,
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(answerTimeoutMs)]),
    })

  const push = async (waitMs: number): Promise<boolean> => {
    clearTimeout(timer)
    const offsetMs = ctx.clock.offsetMs()
    const isConfirmed = await ask({ method: 'POST', body: JSON.stringify({ offsetMs }) }).then(
      (response) => response.ok,
      () => false,
    )
    if (stop.signal.aborted) return false
    if (!isConfirmed) timer = setTimeout(() => void queue(Math.min(waitMs * 2, retryMs.max)), waitMs)
    return isConfirmed
  }
  // One push at a time, so that an older offset never arrives last.
  let last: Promise<unknown> = Promise.resolve()
  const queue = (waitMs: number) => {
    const pushed = last.then(() => push(waitMs))
    last = pushed
    return pushed
  }
  return {
    pushClock: async () => (clockKey ? queue(retryMs.first) : false),
    nextSession: async () => {
      if (!clockKey) return undefined
      const answer: unknown = await ask({}).then(
        (response) => (response.ok ? response.json() : undefined),
        () => undefined,
      )
      if (!answer || typeof answer !== 'object') return undefined
      const startAt = 'nextSessionStartAt' in answer ? Date.parse(String(answer.nextSessionStartAt)) : NaN
      const endAt = 'nextSessionEndAt' in answer ? Date.parse(String(answer.nextSessionEndAt)) : NaN
      return Number.isNaN(startAt) || Number.isNaN(endAt) ? undefined : { startAt, endAt }
    },
    close: () => {
      stop.abort()
      clearTimeout(timer)
    },
  }
}
