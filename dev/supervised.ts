// A child process that is restarted when it dies, until it is stopped.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Child, type ChildOptions, EndedBeforeReady, startChild } from './child.ts'

export type SupervisedOptions = ChildOptions & {
  name: string
  say: (line: string) => void
  /** Awaited before each restart: what the child needs in order to live. */
  beforeRestart?: () => Promise<void>
  /** Whether a refusal during a restart is temporary, so that a retry makes sense. */
  isPassing?: () => Promise<boolean>
  /** Called when it refused to start again (exit status 1 before it was ready). */
  onRefused: (error: Error) => void
}

export type Supervised = {
  pid: () => number
  port: number
  stop: () => Promise<void>
  kill: () => void
}

const longestPauseMs = 5000

/** Starts it and answers when it is ready; rejects when it refuses. From then on it is restarted. */
export async function supervise(options: SupervisedOptions): Promise<Supervised> {
  let child: Child = startChild(options)
  let isStopping = false
  let pauseMs = 200

  const reviveOnce = async (): Promise<boolean> => {
    try {
      await options.beforeRestart?.()
      if (isStopping) return true
      child = startChild(options)
      await child.ready
      return true
    } catch (error) {
      const isRefusal = error instanceof EndedBeforeReady && error.ending.code === 1
      if (!isRefusal || isStopping || (await options.isPassing?.())) return false
      isStopping = true
      options.onRefused(error)
      return true
    }
  }
  const keepAlive = async () => {
    while (!isStopping) {
      const bornAt = performance.now()
      const ending = await child.ended
      if (isStopping) return
      if (performance.now() - bornAt > 30_000) pauseMs = 200
      options.say(
        `${options.name} ended unexpectedly (${ending.signal ?? `exit status ${ending.code}`}); starting it again.`,
      )
      do {
        await sleep(pauseMs)
        pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      } while (!isStopping && !(await reviveOnce()))
    }
  }

  const port = await child.ready.catch(async (error: unknown) => {
    await child.ended
    throw error
  })
  void keepAlive()
  return {
    pid: () => child.pid,
    port,
    stop: async () => {
      isStopping = true
      await child.stop()
    },
    kill: () => {
      isStopping = true
      child.kill('SIGKILL')
    },
  }
}
