// What befalls the machine: processes that die or are paused, and a database that dies. Somebody else starts
// again what died; a paused process goes on by itself, with whatever it held.
import { count, type History } from './history.ts'
import { randomOf } from './random.ts'

export type Machine = {
  applicationPids: () => number[]
  databasePid: () => number | undefined
}

export type MachineTrouble = {
  /** What may happen to the machine while these turns are taken. It depends on the labels alone. */
  order: (labels: string[]) => void
  /**
   * Settles when no process is paused: the clock is moved only then, as no paused process can see it move.
   */
  isAwake: () => Promise<void>
}

/** Per turn. The database dies more often where that is asked for. */
const probabilities = { kill: 0.04, killDatabase: 0.01, pause: 0.012 }

export function openMachineTrouble(
  machine: Machine,
  seed: number,
  history: History,
  killDatabase = probabilities.killDatabase,
): MachineTrouble {
  let awake: Promise<unknown> = Promise.resolve()

  const pause = (pid: number, milliseconds: number) => {
    if (!signal(pid, 'SIGSTOP')) return
    count(history.mishaps, 'paused')
    const over = new Promise<void>((resolve) => {
      setTimeout(() => {
        signal(pid, 'SIGCONT')
        resolve()
      }, milliseconds)
    })
    awake = Promise.all([awake, over])
  }

  return {
    isAwake: async () => void (await awake),
    order: (labels) => {
      for (const label of labels) {
        const random = randomOf(`${seed}:${label}:machine`)
        const pids = machine.applicationPids()
        const draw = {
          pid: random.pick(pids),
          delayMs: random.whole(0, 600),
          seconds: random.pick([5, 5, 12, 25, 60]),
        }
        if (random.chance(probabilities.kill))
          later(draw.delayMs, () => signal(draw.pid, 'SIGKILL') && count(history.mishaps, 'kill -9'))
        if (random.chance(killDatabase))
          later(draw.delayMs, () => {
            const pid = machine.databasePid()
            if (pid && signal(pid, 'SIGKILL')) count(history.mishaps, 'database killed')
          })
        if (random.chance(probabilities.pause))
          later(draw.delayMs, () => pause(draw.pid, draw.seconds * 1_000))
      }
    },
  }
}

const later = (milliseconds: number, act: () => unknown) => void setTimeout(act, milliseconds)

/** Answers whether the process was still there. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
