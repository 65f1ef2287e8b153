// Starts everything that `npm start` promises, in parallel where it can, and stops it in the right order.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import { buildPages } from './pages.ts'
import { type Context, type Part, startDatabase, startSandbox } from './parts.ts'
import { type Environment, isEveryProvider } from './providers.ts'
import { refuseTakenPort, refuseUnreachableDatabase } from './reachable.ts'
import { readSettings, type Settings } from './settings.ts'
import { startApp } from './start-app.ts'

export type Launch = {
  /** Settles when everything runs; rejects with a message for a person when it cannot. */
  started: Promise<void>
  /** Stops what runs, the application first and the database last. */
  stop: () => Promise<void>
  /** Kills everything at once. */
  force: () => void
  /** What runs: process ids, which change with every restart. Empty or undefined before it runs. */
  applicationPids: () => number[]
  /** Where each of the application's processes listens. */
  applicationUrls: () => string[]
  databasePid: () => number | undefined
}

const root = join(import.meta.dirname, '..')

export type LaunchOptions = {
  /** Prints the screen that a person sees when everything runs. */
  print?: (text: string) => void
  /** Plays the first people of a fresh Presence (world/situations.ts), once per DATA_DIR. */
  hasSituations?: boolean
  /** How many processes of the application share the database; all but the first on a free port. */
  processes?: number
  /** Gets the application's stderr while it runs. */
  onComplaint?: (line: string) => void
}

export function launch(
  environment: Environment,
  say: (line: string) => void,
  onLost: (error: Error) => void,
  {
    print = console.log,
    hasSituations = false,
    processes = 1,
    onComplaint = console.error,
  }: LaunchOptions = {},
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
      processes,
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
    applicationPids: () => parts.filter((part) => part.name === 'app').map((part) => part.pid()),
    applicationUrls: () =>
      parts.flatMap(({ name, port }) => (name === 'app' ? [`http://localhost:${port}`] : [])),
    databasePid: () => parts.find((part) => part.name === 'database')?.pid(),
  }
}

/** Time can be moved only where every provider is the sandbox: a real one would not move along. */
function clockKeyFor(settings: Settings): string | undefined {
  return isEveryProvider(settings.standIns) ? randomBytes(24).toString('hex') : undefined
}

async function startPages(say: (line: string) => void): Promise<void> {
  if (await buildPages(root)) say('The pages are built.')
}

/** Waits for all, so that everything started can be stopped, and then throws the first failure. */
async function allOrFirstFailure<Parts extends readonly Promise<unknown>[]>(
  parts: Parts,
): Promise<{ [Key in keyof Parts]: Awaited<Parts[Key]> }> {
  await Promise.allSettled(parts)
  return Promise.all(parts) as Promise<{ [Key in keyof Parts]: Awaited<Parts[Key]> }>
}
