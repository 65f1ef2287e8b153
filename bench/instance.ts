// `npm start` as a person runs it, on its own folder and ports, never on ./data.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runningOn } from '../dev/data-folder.ts'
import { freePort } from '../dev/ports.ts'
import { providerKeys } from '../dev/providers.ts'
import type { World } from '../world/person.ts'

export type Instance = {
  url: string
  /** Milliseconds from the command to the first answered page. */
  firstPageMs: number
  /** Waits until everything runs. */
  world: () => Promise<World & { databaseUrl: string }>
  stop: () => Promise<void>
}

const root = join(import.meta.dirname, '..')
const patienceMs = 180_000

export function temporaryData(): { dataDir: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'presence-bench-'))
  return { dataDir: join(folder, 'data'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** How long an empty Node.js process takes on this machine: the best of five. */
export function emptyProcessMs(): number {
  const took = Array.from({ length: 5 }, () => {
    const startedAt = performance.now()
    spawnSync(process.execPath, ['--eval', ''])
    return performance.now() - startedAt
  })
  return Math.min(...took)
}

/** `own` adds variables to the usual ones. */
export async function startInstance(dataDir: string, own: Record<string, string> = {}): Promise<Instance> {
  const [port, sandboxPort] = [await freePort(), await freePort()]
  const url = `http://localhost:${port}`
  const startedAt = performance.now()
  // A process group, so that the signal reaches all of it, as Ctrl-C in a terminal does.
  const child = spawn('npm', ['start'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    shell: process.platform === 'win32',
    env: {
      ...ownEnvironment(),
      DATA_DIR: dataDir,
      PORT: String(port),
      SANDBOX_PORT: String(sandboxPort),
      ...own,
    },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => void (said = (said + chunk).slice(-4000)))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  const until = async (what: string, isSo: () => boolean | Promise<boolean>, stepMs: number) => {
    while (!(await isSo())) {
      if (isOver() || performance.now() - startedAt > patienceMs)
        throw new Error(`${what} did not come. npm start said:\n${said}`)
      await sleep(stepMs)
    }
  }
  const stop = async () => {
    if (!isOver()) process.kill(-child.pid!, 'SIGINT')
    await ended
  }
  try {
    await until('the first page', async () => (await pageAt(url)).includes('<div id="root"'), 20)
  } catch (error) {
    await stop()
    throw error
  }
  const firstPageMs = performance.now() - startedAt
  return {
    url,
    firstPageMs,
    world: async () => {
      await until(
        'the announcement',
        () => runningOn(dataDir) !== undefined && said.includes('Presence runs at'),
        50,
      )
      const { sandboxUrl, databaseUrl } = runningOn(dataDir)!
      const keys = (await (await fetch(`${sandboxUrl}/_sandbox/keys`)).json()) as Record<string, string>
      // The bench measures Presence, not the rate limits of the services.
      await fetch(`${sandboxUrl}/_sandbox/limits`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"on":false}',
      })
      return { url, sandboxUrl: sandboxUrl!, databaseUrl, keys }
    },
    stop,
  }
}

async function pageAt(url: string): Promise<string> {
  return fetch(`${url}/host-selection`, { signal: AbortSignal.timeout(5_000) }).then(
    (answer) => answer.text(),
    () => '',
  )
}

/** The environment without a person's own settings for Presence. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env }
  const own = [
    'NODE_ENV',
    'DATABASE_URL',
    'PUBLIC_URL',
    'ROLE',
    'AUTH_SECRET',
    'CLOCK',
    'CLOCK_KEY',
    'VIDEO',
    'SITUATIONS',
  ]
  for (const name of [...own, ...Object.values(providerKeys).flat()]) delete environment[name]
  return environment
}
