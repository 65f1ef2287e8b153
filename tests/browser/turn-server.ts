// coturn, the TURN server of the system's packages, for rooms whose people cannot connect directly.
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { reservePort } from '../harness/run.ts'
import { isRoot } from '../../dev/unprivileged.ts'
import { waitFor } from '../../world/person.ts'

const tries = (command: string, ...words: string[]) =>
  spawnSync(command, words, { timeout: 60_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    .status === 0

const isThere = () => tries('which', 'turnserver')

/** Whether it is installed, or could be installed now. */
export function hasTurnServer(): boolean {
  if (isThere()) return true
  if (!isRoot() || !tries('which', 'apt-get')) return false
  const install = () => tries('apt-get', 'install', '-y', '--no-install-recommends', 'coturn')
  return (install() || (tries('apt-get', 'update') && install())) && isThere()
}

export type TurnServer = {
  /** What the application is told of it. */
  env: { TURN_URLS: string; TURN_SECRET: string }
  /** The number of relays it has allocated. */
  allocations: () => number
  kill: () => Promise<void>
  start: () => Promise<void>
  /** For good. */
  stop: () => Promise<void>
}

export async function startTurnServer(): Promise<TurnServer> {
  const secret = randomBytes(16).toString('hex')
  const ip =
    Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address ?? '127.0.0.1'
  const port = await reservePort()
  const folder = mkdtempSync(join(tmpdir(), 'presence-turn-'))
  let log = ''
  let child: ReturnType<typeof spawn> | undefined
  const start = async () => {
    const before = log.length
    const started = spawn(
      'turnserver',
      [
        '-n',
        '-v',
        `--listening-ip=${ip}`,
        `--relay-ip=${ip}`,
        `--listening-port=${port}`,
        '--use-auth-secret',
        `--static-auth-secret=${secret}`,
        '--realm=presence.test',
        '--no-tls',
        '--no-dtls',
        '--no-cli',
        '--allow-loopback-peers',
        '--log-file=stdout',
        '--simple-log',
        `--pidfile=${join(folder, 'pid')}`,
        `--userdb=${join(folder, 'users')}`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    child = started
    for (const stream of [started.stdout, started.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => void (log += text))
    await waitFor('the TURN server', async () => /UDP listener opened/.test(log.slice(before)), 20).catch(
      (error: unknown) => {
        throw new Error(`coturn said:\n${log.slice(before).slice(-3000)}`, { cause: error })
      },
    )
  }
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child?.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
  await start()
  return {
    env: { TURN_URLS: `turn:${ip}:${port}?transport=udp`, TURN_SECRET: secret },
    allocations: () => log.match(/ALLOCATE processed, success/g)?.length ?? 0,
    start,
    kill,
    stop: async () => {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
