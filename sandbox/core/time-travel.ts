// Moving the sandbox's clock, and with it the application's.
import type { Application, NextSession } from './application.ts'
import { minuteMs } from './durations.ts'
import type { SandboxContext } from './provider.ts'
import type { Schedule } from './schedule.ts'

export const landmarks = ['room_opens', 'session_starts', 'session_ends'] as const
type Landmark = (typeof landmarks)[number]

type Moved = { offsetMs: number; now: string; confirmed: boolean }

export type TimeTravel = {
  setOffset: (offsetMs: number) => Promise<Moved>
  /** Moves to a moment of the next session, never backwards; undefined when no session is ahead. */
  goTo: (landmark: Landmark) => Promise<Moved | undefined>
  nextSession: () => Promise<NextSession | undefined>
}

const roomOpensMs = 15 * minuteMs

export function openTimeTravel(
  ctx: SandboxContext,
  schedule: Schedule,
  application: Application,
): TimeTravel {
  const setOffset = async (offsetMs: number) => {
    ctx.clock.setOffset(offsetMs)
    ctx.changed('clock')
    const pushed = application.pushClock()
    await schedule.runDue(ctx)
    const confirmed = await pushed
    return { offsetMs, now: new Date(ctx.clock.now()).toISOString(), confirmed }
  }
  // The application no longer lists a session that has begun, but its end can still be asked for.
  const running = () => {
    const session = ctx.store.get<NextSession>('core.session', 'last')
    const now = ctx.clock.now()
    return session && session.startAt <= now && now < session.endAt ? session : undefined
  }
  return {
    setOffset,
    nextSession: async () => running() ?? application.nextSession(),
    goTo: async (landmark) => {
      const session =
        (landmark === 'session_ends' ? running() : undefined) ?? (await application.nextSession())
      if (!session) return undefined
      ctx.store.put('core.session', 'last', session)
      const momentMs = {
        room_opens: session.startAt - roomOpensMs,
        session_starts: session.startAt,
        session_ends: session.endAt,
      }
      const aheadMs = Math.max(0, momentMs[landmark] - ctx.clock.now())
      return setOffset(ctx.clock.offsetMs() + aheadMs)
    },
  }
}
