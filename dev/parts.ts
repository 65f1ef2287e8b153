// What runs beside the application on a laptop: the database and the sandbox, as parts that can be stopped.
import { join } from 'node:path'
import type { DataFolder } from './data-folder.ts'
import { startLocalDatabase } from './local-database.ts'
import { openLog } from './log-file.ts'
import type { Environment } from './providers.ts'
import type { Settings } from './settings.ts'
import { type Supervised, supervise } from './supervised.ts'

export type Part = {
  name: 'database' | 'sandbox' | 'app'
  /** Where it listens; undefined for the database, whose address has a password. */
  port?: number
  pid: () => number
  stop: () => Promise<void>
  kill: () => void
}
export type Database = { url: string; place: string; up: () => Promise<void> }
export type Sandbox = { url: string; port: number; keys: Record<string, string> }

/** What every part is started with. */
export type Context = {
  environment: Environment
  settings: Settings
  folder: DataFolder
  parts: Part[]
  say: (line: string) => void
  onLost: (error: Error) => void
  print: (text: string) => void
  hasSituations: boolean
  processes: number
  onComplaint: (line: string) => void
  /** Undefined: time is real. */
  clockKey: string | undefined
}

export async function startDatabase({ settings, folder, parts, say, onLost }: Context): Promise<Database> {
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

export async function startSandbox({
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

export function partOf(name: Part['name'], supervised: Supervised): Part {
  return { name, port: supervised.port, pid: supervised.pid, stop: supervised.stop, kill: supervised.kill }
}
