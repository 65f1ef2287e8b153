// A whole Presence for one test file: a database of its own, the sandbox in this process, the application in
// another.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type Child, type Ending, startChild } from '../../dev/child.ts'
import { providerKeys, type ProviderName, sandboxEnvironment } from '../../dev/providers.ts'
import { type Sandbox, startSandbox } from '../../sandbox/core/start.ts'
import { dayMs } from '../../server/lib/time.ts'
import { type FreshDatabase, freshDatabase } from './database.ts'
import { ensurePages, reservePort } from './run.ts'

export type PresenceOptions = {
  /** Variables for the application besides the usual ones: FAILPOINT, PAYOUT_DELAY_HOURS, ... */
  env?: Record<string, string>
  /** Folder for the sandbox's store; without it the sandbox forgets everything at the end. */
  sandboxFolder?: string
  /** Only the sandbox and the database; start the application later with `restart`. */
  withoutApplication?: boolean
  /** Characters of a body that the sandbox's journal keeps. */
  journalTextLimit?: number
}

export type Presence = {
  /** The application's address; it stays the same over restarts. */
  url: string
  sandboxUrl: string
  sandbox: Sandbox
  /** The sandbox's accepted credentials, by environment name. */
  keys: Record<string, string>
  databaseUrl: string
  operatorMobileNumber: string
  /** The application's environment as it was last started with. */
  env: Record<string, string>
  /** Ends the application as a power cut would. */
  kill9: () => Promise<void>
  /** Starts the application again (it is killed first if it runs), with further variables if given. */
  restart: (env?: Record<string, string>) => Promise<void>
  /** Settles when the application has ended, for instance at a failpoint. */
  ended: () => Promise<Ending>
  /** Moves the clock of sandbox and application; resolves when both agree and due work has begun. */
  moveClock: (move: { advanceMs: number } | { to: string } | { offsetMs: number }) => Promise<void>
  /** Everything the application printed, and what the sandbox logged. */
  logs: () => string
  stop: () => Promise<void>
}

/**
 * With TEST_TIME=HH:MM (UTC) it is next that time of day. Somewhere a day ends at every hour, so a test that
 * counts days may hold at one and fail at another: `npm run test:hours` tries them.
 */
async function startAtTimeOfDay(sandbox: Sandbox, database: FreshDatabase): Promise<void> {
  const time = process.env['TEST_TIME']
  if (!time) return
  const [hours, minutes] = time.split(':').map(Number)
  const at = new Date()
  at.setUTCHours(hours!, minutes!, 0, 0)
  const offsetMs = (at.getTime() - Date.now() + dayMs) % dayMs
  sandbox.ctx.clock.setOffset(offsetMs)
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('update clock set offset_ms = $1', [offsetMs])
  await client.end()
}

const operatorMobileNumber = '+61491578888'

export async function startPresence(options: PresenceOptions = {}): Promise<Presence> {
  const lines: string[] = []
  const clockKey = randomBytes(24).toString('hex')
  const port = await reservePort()
  const url = `http://localhost:${port}`
  const database: FreshDatabase = await freshDatabase()
  const sandbox = await startSandbox({
    port: 0,
    dataDir: options.sandboxFolder ?? ':memory:',
    appUrl: url,
    clockKey,
    log: (line) => lines.push(`sandbox: ${line}`),
    ...(options.journalTextLimit ? { journalTextLimit: options.journalTextLimit } : {}),
  })
  await startAtTimeOfDay(sandbox, database)
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    ...(process.env['NODE_COMPILE_CACHE'] ? { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] } : {}),
    // Not 'test': with that the sign-in library leaves its own checks out.
    NODE_ENV: 'development',
    PORT: String(port),
    PUBLIC_URL: url,
    DATABASE_URL: database.url,
    AUTH_SECRET: randomBytes(32).toString('hex'),
    OPERATOR_MOBILE_NUMBERS: operatorMobileNumber,
    CLOCK: 'movable',
    CLOCK_KEY: clockKey,
    ...sandboxEnvironment(Object.keys(providerKeys) as ProviderName[], sandbox.baseUrl, sandbox.ctx.keys),
    ...options.env,
  }

  let child: Child | undefined
  const start = async () => {
    await ensurePages()
    child = startChild({ program: 'server/main.ts', env: { ...env }, onLine: (line) => lines.push(line) })
    try {
      await child.ready
    } catch (error) {
      throw new Error(`The application did not start:\n${lines.slice(-30).join('\n')}`, { cause: error })
    }
  }
  const kill9 = async () => {
    child?.kill('SIGKILL')
    await child?.ended
  }
  const stop = async () => {
    await child?.stop()
    await sandbox.close()
    await database.drop()
  }
  if (!options.withoutApplication) {
    await start().catch(async (error: unknown) => {
      await stop()
      throw error
    })
  }
  return {
    url,
    sandboxUrl: sandbox.baseUrl,
    sandbox,
    keys: sandbox.ctx.keys,
    databaseUrl: database.url,
    operatorMobileNumber,
    env,
    kill9,
    restart: async (more = {}) => {
      await kill9()
      Object.assign(env, more)
      await start()
    },
    ended: () => child?.ended ?? Promise.resolve({ code: 0, signal: null }),
    moveClock: async (move) => {
      const answer = await fetch(`${sandbox.baseUrl}/_sandbox/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(move),
      })
      if (!answer.ok) throw new Error(`The clock could not be moved: ${answer.status} ${await answer.text()}`)
    },
    logs: () => lines.join('\n'),
    stop,
  }
}
