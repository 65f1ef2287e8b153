// Starts everything that `npm start` promises, in parallel where it can, and stops it in the right order.
import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from '../world/person.ts'
import { playSituations } from '../world/situations.ts'
import { banner } from './banner.ts'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import { startLocalDatabase } from './local-database.ts'
import { openLog } from './log-file.ts'
import { buildPages } from './pages.ts'
import { type Environment, isEveryProvider, sandboxEnvironment } from './providers.ts'
import { answers, refuseTakenPort, refuseUnreachableDatabase } from './reachable.ts'
import { readSettings, type Settings } from './settings.ts'
import { type Supervised, supervise } from './supervised.ts'

type Part = {
  name: 'database' | 'sandbox' | 'app'
  pid: () => number
  stop: () => Promise<void>
  kill: () => void
}
type Database = { url: string; place: string; up: () => Promise<void> }
type Sandbox = { url: string; port: number; keys: Record<string, string> }

export type Launch = {
  /** Settles when everything runs; rejects with a message for a person when it cannot. */
  started: Promise<void>
  /** Stops what runs, the application first and the database last. */
  stop: () => Promise<void>
  /** Ends everything at once. */
  force: () => void
  /**
   * The process of the application, which is another one after each of its deaths; undefined before it runs.
   */
  applicationPid: () => number | undefined
}

const operatorMobileNumber = '+61491578888'
const root = join(import.meta.dirname, '..')

export type LaunchOptions = {
  /** Prints what a person sees when everything runs. */
  print?: (text: string) => void
  /** Plays the first people of a fresh Presence (world/situations.ts), once per DATA_DIR. */
  hasSituations?: boolean
  /** Hears what the application complains about while it runs. */
  onComplaint?: (line: string) => void
}

export function launch(
  environment: Environment,
  say: (line: string) => void,
  onLost: (error: Error) => void,
  { print = console.log, hasSituations = false, onComplaint = console.error }: LaunchOptions = {},
): Launch {
  const parts: Part[] = []
  let folder: DataFolder | undefined
  let isStopping = false

  const started = (async () => {
    const settings = readSettings(environment)
    folder = openDataFolder(settings.dataDir)
    await refuseTakenPort('PORT', settings.port)
    if (settings.standIns.length > 0) await refuseTakenPort('SANDBOX_PORT', settings.sandboxPort)
    if (settings.databaseUrl) await refuseUnreachableDatabase(settings.databaseUrl)
    const context: Context = {
      environment,
      settings,
      folder,
      parts,
      say,
      onLost,
      print,
      hasSituations,
      onComplaint,
      clockKey: clockKeyFor(settings),
    }
    const [database, sandbox] = await allOrFirstFailure([
      startDatabase(context),
      startSandbox(context),
      startPages(say),
    ] as const)
    if (isStopping) return
    await startApp(context, database, sandbox)
  })()

  return {
    started,
    stop: async () => {
      isStopping = true
      await started.catch(() => undefined)
      for (const name of ['app', 'sandbox', 'database'] as const) {
        await Promise.all(parts.filter((part) => part.name === name).map((part) => part.stop()))
      }
      folder?.close()
    },
    force: () => {
      for (const part of parts) part.kill()
    },
    applicationPid: () => parts.find((part) => part.name === 'app')?.pid(),
  }
}

type Context = {
  environment: Environment
  settings: Settings
  folder: DataFolder
  parts: Part[]
  say: (line: string) => void
  onLost: (error: Error) => void
  print: (text: string) => void
  hasSituations: boolean
  onComplaint: (line: string) => void
  /** Undefined: time is real. */
  clockKey: string | undefined
}

/** Time can be moved only where every provider is the sandbox: a real one would not move along. */
function clockKeyFor(settings: Settings): string | undefined {
  return isEveryProvider(settings.standIns) ? randomBytes(24).toString('hex') : undefined
}

async function startDatabase({ settings, folder, parts, say, onLost }: Context): Promise<Database> {
  if (settings.databaseUrl)
    return { url: settings.databaseUrl, place: 'DATABASE_URL', up: async () => undefined }
  const database = await startLocalDatabase(folder, { say, onGivenUp: onLost })
  parts.push({
    name: 'database',
    pid: database.pid,
    stop: database.stop,
    kill: () => process.kill(database.pid(), 'SIGQUIT'),
  })
  return {
    url: database.url,
    place: database.path.startsWith(folder.path)
      ? 'embedded PostgreSQL'
      : `embedded PostgreSQL in ${database.path}`,
    up: database.up,
  }
}

async function startSandbox({
  environment,
  settings,
  folder,
  parts,
  say,
  onLost,
  clockKey,
}: Context): Promise<Sandbox | undefined> {
  if (settings.standIns.length === 0) return undefined
  const sandbox = await supervise({
    name: 'The sandbox',
    program: 'sandbox/main.ts',
    say,
    onRefused: onLost,
    onLine: openLog(join(folder.logs, 'sandbox.log')),
    env: {
      ...environment,
      PORT: String(settings.port),
      SANDBOX_PORT: String(settings.sandboxPort),
      DATA_DIR: folder.path,
      APP_URL: settings.publicUrl,
      CLOCK_KEY: clockKey,
    },
  })
  parts.push(partOf('sandbox', sandbox))
  const url = `http://localhost:${sandbox.port}`
  const answer = await fetch(`http://127.0.0.1:${sandbox.port}/_sandbox/keys`)
  if (!answer.ok)
    throw new Error(
      `The sandbox does not tell its keys (${answer.status}). See ${join(folder.logs, 'sandbox.log')}.`,
    )
  return { url, port: sandbox.port, keys: (await answer.json()) as Record<string, string> }
}

async function startPages(say: (line: string) => void): Promise<void> {
  if (await buildPages(root)) say('The pages are built.')
}

async function startApp(context: Context, database: Database, sandbox: Sandbox | undefined): Promise<void> {
  const { environment, settings, folder, parts, say, onLost, print, onComplaint, clockKey } = context
  const log = openLog(join(folder.logs, 'app.log'))
  // Before it is up, what it complains about becomes the message of its refusal.
  let isUp = false
  const operators =
    environment['OPERATOR_MOBILE_NUMBERS'] ??
    (settings.standIns.includes('twilio') ? operatorMobileNumber : '')
  const app = await supervise({
    name: 'The application',
    program: 'server/main.ts',
    say,
    onRefused: onLost,
    onLine: (line, stream) => {
      log(line)
      if (isUp && stream === 'err') onComplaint(line)
    },
    beforeRestart: database.up,
    isPassing: async () => !(await answers(database.url)),
    env: {
      ...environment,
      PORT: String(settings.port),
      PUBLIC_URL: settings.publicUrl,
      DATABASE_URL: database.url,
      DATA_DIR: folder.path,
      AUTH_SECRET: environment['AUTH_SECRET'] || folder.secret('auth-secret'),
      OPERATOR_MOBILE_NUMBERS: operators,
      ...(sandbox && sandboxEnvironment(settings.standIns, sandbox.url, sandbox.keys)),
      ...(clockKey && { CLOCK: 'movable', CLOCK_KEY: clockKey }),
    },
  })
  parts.push(partOf('app', app))
  isUp = true
  const url = settings.publicUrl
  if (context.hasSituations && sandbox && clockKey)
    await playOnce(
      folder,
      { url: `http://127.0.0.1:${app.port}`, sandboxUrl: sandbox.url, keys: sandbox.keys },
      say,
    )
  folder.announce({
    pid: process.pid,
    port: app.port,
    url,
    sandboxPort: sandbox?.port ?? null,
    sandboxUrl: sandbox?.url ?? null,
    databaseUrl: database.url,
    clockKey: clockKey ?? null,
  })
  print(
    banner({
      url,
      sandboxUrl: sandbox?.url,
      standIns: settings.standIns,
      operatorMobileNumbers: operators,
      dataPath: folder.path,
      databasePlace: database.place,
      seconds: performance.now() / 1000,
    }),
  )
}

/** On the first start there is nobody yet. A failure here costs the demonstration, not the start. */
async function playOnce(folder: DataFolder, world: World, say: (line: string) => void): Promise<void> {
  const done = join(folder.path, 'situations-played')
  if (existsSync(done)) return
  say('Setting the scene: a few members at different steps of the journey.')
  try {
    await playSituations(world)
  } catch (error) {
    say(`Not everybody is there: ${error instanceof Error ? error.message : String(error)}`)
  }
  writeFileSync(done, '')
}

function partOf(name: Part['name'], supervised: Supervised): Part {
  return { name, pid: supervised.pid, stop: supervised.stop, kill: supervised.kill }
}

/** Waits for all, so that what was started can be stopped, and then fails with the first failure. */
async function allOrFirstFailure<Parts extends readonly Promise<unknown>[]>(
  parts: Parts,
): Promise<{ [Key in keyof Parts]: Awaited<Parts[Key]> }> {
  await Promise.allSettled(parts)
  return Promise.all(parts) as Promise<{ [Key in keyof Parts]: Awaited<Parts[Key]> }>
}
