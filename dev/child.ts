// One of our programs as a child process. It ends by itself when we are gone, because its IPC channel closes.
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

export type ChildOptions = {
  /** What to run, relative to the repository: 'server/main.ts'. */
  program: string
  env: Record<string, string | undefined>
  /** Every line it prints. */
  onLine?: (line: string, stream: 'out' | 'err') => void
}

export type Ending = { code: number | null; signal: NodeJS.Signals | null }

export type Child = {
  pid: number
  /** The port it listens on. Rejects with its stderr when it ends before it is ready. */
  ready: Promise<number>
  ended: Promise<Ending>
  kill: (signal: NodeJS.Signals) => void
  /** SIGTERM, and SIGKILL when that did not help within `patienceMs`. */
  stop: (patienceMs?: number) => Promise<Ending>
}

/** It ended before it was ready. Exit status 1 is a refusal that a retry would repeat. */
export class EndedBeforeReady extends Error {
  readonly ending: Ending
  constructor(program: string, ending: Ending, said: string) {
    super(
      said.trim() ||
        `${program} ended before it was ready (${ending.signal ?? `exit status ${ending.code}`}).`,
    )
    this.name = 'EndedBeforeReady'
    this.ending = ending
  }
}

export function startChild(options: ChildOptions): Child {
  const child = spawn(process.execPath, [join(root, options.program)], {
    cwd: root,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  let complaint = ''
  const listen = (stream: 'out' | 'err') => {
    let rest = ''
    return (chunk: string) => {
      if (stream === 'err') complaint = (complaint + chunk).slice(-4000)
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) options.onLine?.(line, stream)
    }
  }
  child.stdout?.setEncoding('utf8').on('data', listen('out'))
  child.stderr?.setEncoding('utf8').on('data', listen('err'))

  const ended = new Promise<Ending>((resolve) => {
    child.once('error', () => resolve({ code: 1, signal: null }))
    // 'close', not 'exit': by then all its output has been read.
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const ready = new Promise<number>((resolve, reject) => {
    child.on('message', (message) => {
      if (isReady(message)) resolve(message.port)
    })
    void ended.then((ending) => reject(new EndedBeforeReady(options.program, ending, complaint)))
  })
  ready.catch(() => undefined)

  const kill = (signal: NodeJS.Signals) => void child.kill(signal)
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    kill,
    stop: async (patienceMs = 10_000) => {
      kill('SIGTERM')
      const late = setTimeout(() => kill('SIGKILL'), patienceMs)
      const ending = await ended
      clearTimeout(late)
      return ending
    },
  }
}

function isReady(message: unknown): message is { type: 'ready'; port: number } {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === 'ready' &&
    'port' in message
  )
}
