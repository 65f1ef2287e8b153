// A database of its own for each test file, copied from one that is migrated once per run.
import pg from 'pg'
import { dayMs, setClockOffset } from '../../server/lib/time.ts'
import { askRun } from './run.ts'

export type FreshDatabase = {
  url: string
  /** How far its clock is moved; zero without TEST_TIME. */
  offsetMs: number
  /** Ends every connection to it and removes it. */
  drop: () => Promise<void>
}

/** A migrated, empty database that nobody else uses. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const database = await create('migrated')
  const offsetMs = untilTimeOfDay(process.env['TEST_TIME'])
  if (offsetMs !== 0) {
    setClockOffset(offsetMs)
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query('update clock set offset_ms = $1', [offsetMs])
    await client.end()
  }
  return { ...database, offsetMs }
}

/** A database without any table, for the tests of migrating. */
export async function emptyDatabase(): Promise<FreshDatabase> {
  return { ...(await create('empty')), offsetMs: 0 }
}

/**
 * Milliseconds from now until it is next HH:MM (UTC). Somewhere a day ends at every hour, so a test that
 * counts days may hold at one and fail at another: `npm run test:hours` tries them.
 */
function untilTimeOfDay(time: string | undefined): number {
  if (!time) return 0
  const [hours, minutes] = time.split(':').map(Number)
  const at = new Date()
  at.setUTCHours(hours!, minutes!, 0, 0)
  return (at.getTime() - Date.now() + dayMs) % dayMs
}

async function create(kind: 'migrated' | 'empty'): Promise<Omit<FreshDatabase, 'offsetMs'>> {
  const url = await askRun('POST', kind)
  const name = new URL(url).pathname.slice(1)
  return { url, drop: async () => void (await askRun('DELETE', name)) }
}
