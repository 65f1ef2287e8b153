// One pool of connections and the typed query builder over it.
import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { breakingClient } from './circuit-breaker.ts'
import type { DB } from './schema.generated.ts'

export type Db = Kysely<DB>
export type Tx = Transaction<DB>

// Cents and offsets are bigint columns; they stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Opens a pool of at most `connections`, with UTC as time zone, so that the server's own does not matter. */
export function openDatabase(databaseUrl: string, connections = 12): Db {
  const pool = new pg.Pool({
    Client: breakingClient(),
    connectionString: databaseUrl,
    max: connections,
    keepAlive: true,
    options: '-c timezone=UTC',
    // Also how long a request waits for a free connection: many at once are served late, not refused.
    connectionTimeoutMillis: 30_000,
    idle_in_transaction_session_timeout: 60_000,
  })
  // A connection that dies is replaced by the pool; without a listener its error would end the process. The
  // pool listens only while a connection is idle, so each connection has a listener of its own as well: the
  // query or transaction that was under way rejects with the same error.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  return new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}

const postgresCodes = {
  uniqueViolation: '23505',
  exclusionViolation: '23P01',
  checkViolation: '23514',
  deadlock: '40P01',
} as const
const deadlockTries = 3

/**
 * Runs `act` in one transaction. Never make a network call inside: it would hold locks until its answer. The
 * loser of a deadlock is run again, so `act` must have no effect outside its transaction.
 */
export async function inTransaction<Result>(db: Db, act: (tx: Tx) => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(act)
    } catch (error) {
      const isDeadlock = error instanceof pg.DatabaseError && error.code === postgresCodes.deadlock
      if (!isDeadlock || tries === deadlockTries) throw error
    }
  }
}

/** The violated unique, exclusion or check constraint's name; undefined where `error` is something else. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError)) return undefined
  const isConstraint =
    error.code === postgresCodes.uniqueViolation ||
    error.code === postgresCodes.exclusionViolation ||
    error.code === postgresCodes.checkViolation
  return isConstraint ? error.constraint : undefined
}
