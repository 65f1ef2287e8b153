// One PostgreSQL server of our own: created once, started, watched, stopped
// (docs/decisions/0003-embedded-postgres.md).
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './ports.ts'
import { stopOrphan } from './postmaster.ts'
import type { Binaries } from './postgres-binaries.ts'
import type { Identity } from './unprivileged.ts'

export type ClusterPlace = {
  binaries: Binaries
  identity: Identity | undefined
  /** PGDATA; its parent must exist and be open to `identity`. */
  dataDirectory: string
  logFile: string
  /** False only for tests, which are faster and may lose everything in a crash. */
  durable: boolean
}

export type Cluster = {
  port: number
  pid: number
  /** The address of one of its databases. */
  url: (database: string) => string
  /** Fast shutdown: open transactions are rolled back, nothing committed is lost. */
  stop: () => Promise<void>
  /** Settles when the server has ended, whoever ended it. */
  gone: Promise<void>
}

const superuser = 'presence'
const environment = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' }

// When the process that started it is killed, the pipe closes and the shell stops
// the server, so none is left running.
const untilWeAreGone = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ read -r _ <&3; kill -INT "$server" 2>/dev/null; } >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$server"
status=$?
kill "$watch" 2>/dev/null
exit "$status"`

/**
 * Creates the cluster atomically and answers its superuser's password. `savePassword` is
 * called before the cluster becomes visible.
 */
export async function initialise(
  place: ClusterPlace,
  savePassword?: (password: string) => void,
): Promise<string> {
  const unfinished = `${place.dataDirectory}.new`
  const passwordFile = `${place.dataDirectory}.password`
  const password = randomBytes(18).toString('base64url')
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (place.identity) {
    for (const path of [unfinished, passwordFile]) chownSync(path, place.identity.uid, place.identity.gid)
  }
  try {
    await run(place, [
      `--pgdata=${unfinished}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(place.durable ? [] : ['--no-sync']),
    ])
  } finally {
    rmSync(passwordFile, { force: true })
  }
  savePassword?.(password)
  renameSync(unfinished, place.dataDirectory)
  return password
}

/** Starts the server and answers when it accepts connections. Stops a server left behind by a crash first. */
export async function startCluster(
  place: ClusterPlace,
  password: string,
  wantedPort?: number,
): Promise<Cluster> {
  let lastWords = ''
  for (let attempt = 0; attempt < 5; attempt++) {
    await stopOrphan(place.dataDirectory)
    const port = wantedPort ?? (await freePort())
    const server = launch(place, port)
    const pid = await untilReady(place, server)
    if (pid) return clusterOf(server, pid, port, password)
    lastWords = readFileSync(place.logFile, 'utf8').trimEnd().split('\n').slice(-6).join('\n')
    // A taken port, or workers of a killed server that are still ending: both pass.
    if (!/could not bind|pre-existing shared memory|Address already in use|lock file/.test(lastWords)) break
    await sleep(300)
  }
  throw new Error(`PostgreSQL did not start. It said (${place.logFile}):\n${lastWords}`)
}

function launch(place: ClusterPlace, port: number): ChildProcess {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: '200',
    log_min_messages: 'warning',
    log_line_prefix: '%m [%p] ',
    ...(place.durable
      ? {}
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '64MB' }),
  }
  const words = [
    '-D',
    place.dataDirectory,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const log = openSync(place.logFile, 'w', 0o600)
  const server = spawn('sh', ['-c', untilWeAreGone, 'sh', place.binaries.postgres, ...words], {
    stdio: ['pipe', log, log],
    cwd: '/',
    env: environment,
    detached: true,
    ...(place.identity && { uid: place.identity.uid, gid: place.identity.gid }),
  })
  closeSync(log)
  return server
}

/** The postmaster's pid once it accepts connections; undefined when it ended before. */
async function untilReady(place: ClusterPlace, server: ChildProcess): Promise<number | undefined> {
  const file = `${place.dataDirectory}/postmaster.pid`
  let failure: Error | undefined
  server.once('error', (error) => void (failure = error))
  while (server.exitCode === null && server.signalCode === null) {
    if (failure) throw failure
    // Line 8 of postmaster.pid is its state; it is padded with spaces.
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
    if (lines[7]?.trim() === 'ready') return Number(lines[0])
    await sleep(15)
  }
  return undefined
}

function clusterOf(server: ChildProcess, pid: number, port: number, password: string): Cluster {
  const gone = new Promise<void>((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) resolve()
    else server.once('exit', () => resolve())
  })
  return {
    port,
    pid,
    gone,
    url: (database) => `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`,
    stop: async () => {
      server.stdin?.destroy()
      const late = setTimeout(() => process.kill(pid, 'SIGQUIT'), 20_000)
      await gone
      clearTimeout(late)
    },
  }
}

function run(place: ClusterPlace, words: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(place.binaries.initdb, words, {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
      env: environment,
      ...(place.identity && { uid: place.identity.uid, gid: place.identity.gid }),
    })
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`PostgreSQL could not be set up: ${said.trim()}`)),
    )
  })
}
