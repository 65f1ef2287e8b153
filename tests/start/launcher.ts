// `npm start` as a real process, on ports and a DATA_DIR of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Running } from '../../dev/data-folder.ts'
import { reservePort } from '../harness/run.ts'
import { stopOrphan } from '../../dev/postmaster.ts'
import { startOf } from '../../dev/process-mark.ts'

export const root = join(import.meta.dirname, '..', '..')

export type LauncherOptions = {
  /** Another checkout than this one. */
  checkout?: string
  dataDir?: string
  env?: Record<string, string>
  uid?: number
  gid?: number
}

export type Launcher = {
  pid: number
  port: number
  sandboxPort: number
  dataDir: string
  /** Everything printed so far. */
  said: () => string
  /** Resolves when it says where it runs; rejects when it ends before. */
  running: () => Promise<Running>
  signal: (signal: NodeJS.Signals) => void
  /** The exit status, once it has ended. */
  ended: Promise<number | null>
}

const launchers: Launcher[] = []
const folders: string[] = []

/** A folder that is removed after the test. Others may pass through it unless `mode` says otherwise. */
export function temporaryFolder(mode = 0o711): string {
  const folder = mkdtempSync(join(tmpdir(), 'presence-start-'))
  chmodSync(folder, mode)
  folders.push(folder)
  return folder
}

export async function startLauncher(options: LauncherOptions = {}): Promise<Launcher> {
  const checkout = options.checkout ?? root
  const dataDir = options.dataDir ?? join(temporaryFolder(), 'data')
  const [port, sandboxPort] = [await reservePort(), await reservePort()]
  const child: ChildProcess = spawn(process.execPath, [join(checkout, 'scripts/start.ts')], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
    uid: options.uid,
    gid: options.gid,
    env: {
      SITUATIONS: 'off',
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      // Another user may not write there.
      ...(options.uid === undefined ? { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] } : {}),
      DATA_DIR: dataDir,
      PORT: String(port),
      SANDBOX_PORT: String(sandboxPort),
      ...options.env,
    },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => void (said += chunk))
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  let isOver = false
  void ended.then(() => (isOver = true))
  const file = join(dataDir, 'running.json')
  const launcher: Launcher = {
    pid: child.pid!,
    port,
    sandboxPort,
    dataDir,
    ended,
    said: () => said,
    signal: (signal) => void child.kill(signal),
    running: async () => {
      while (!said.includes('Presence runs at') || !existsSync(file)) {
        if (isOver) throw new Error(`It ended before it ran. It said:\n${said}`)
        await sleep(30)
      }
      return JSON.parse(readFileSync(file, 'utf8')) as Running
    },
  }
  launchers.push(launcher)
  return launcher
}

/** Ends what a test left running and removes its folders. */
export async function cleanUp(): Promise<void> {
  for (const launcher of launchers.splice(0)) {
    launcher.signal('SIGTERM')
    await launcher.ended
    await stopOrphan(join(launcher.dataDir, 'postgres'))
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** The pids of the processes that `launcher` runs, by program. */
export function childrenOf(launcher: Launcher): {
  app: number
  sandbox: number
  postgres: number
  keeper: number
} {
  const dataDirectory = (
    JSON.parse(readFileSync(join(launcher.dataDir, 'postgres.json'), 'utf8')) as { dataDirectory: string }
  ).dataDirectory
  const pidFile = join(
    dataDirectory.startsWith('/') ? dataDirectory : join(launcher.dataDir, dataDirectory),
    'postmaster.pid',
  )
  const postgres = Number.parseInt(readFileSync(pidFile, 'utf8'), 10)
  return {
    app: oneWith(launcher.pid, 'server/main.ts'),
    sandbox: oneWith(launcher.pid, 'sandbox/main.ts'),
    postgres,
    keeper: parentOf(postgres),
  }
}

/** Waits until `isTrue`, for what another process does. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  seconds = 60,
): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (await isTrue()) return
    await sleep(50)
  }
  throw new Error(`Waited in vain until ${what}.`)
}

export const isGone = (pid: number) => startOf(pid) === undefined

/** Whether something answers there over HTTP. */
export async function answersAt(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.status < 500,
    () => false,
  )
}

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function oneWith(parent: number, program: string): number {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number)
  const found = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program))
  if (!found) throw new Error(`${program} does not run`)
  return found
}
