// Applies migrations/*.sql in order, once each, under Kysely's migration lock, so that several processes may
// start at once.
import { readdir, readFile } from 'node:fs/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration'
import pg from 'pg'

const folder = new URL('../../migrations/', import.meta.url)

/** The database was made by a newer version of Presence than this one. */
export class SchemaTooNew extends Error {
  constructor(names: string[]) {
    super(
      `The database has migrations this version does not know (${names.join(', ')}): ` +
        'it was made by a newer Presence. ' +
        'Start that version, or point DATABASE_URL or DATA_DIR at another database.',
    )
    this.name = 'SchemaTooNew'
  }
}

/** The database was made before the migrations were folded for the first release. */
export class SchemaTooOld extends Error {
  constructor(first: string) {
    super(
      `The database was made by an earlier version of Presence (its first migration is ${first}) and cannot be brought ` +
        'up to date: remove the folder data and start again. Where DATA_DIR or DATABASE_URL is set, remove that ' +
        'folder, or choose an empty database.',
    )
    this.name = 'SchemaTooOld'
  }
}

const provider: MigrationProvider = {
  async getMigrations() {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
    const migrations: Record<string, Migration> = {}
    for (const name of names) {
      const text = await readFile(new URL(name, folder), 'utf8')
      migrations[name.replace(/\.sql$/, '')] = { up: async (db) => void (await sql.raw(text).execute(db)) }
    }
    return migrations
  },
}

/**
 * Brings the database at `databaseUrl` to this version's schema. Throws SchemaTooNew, SchemaTooOld, or the
 * database's own error.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, connectionTimeoutMillis: 10_000 })
  pool.on('error', () => undefined)
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    await refuseOtherSchema(db)
    const { error } = await new Migrator({ db, provider }).migrateToLatest()
    if (error) throw error
  } finally {
    await db.destroy()
  }
}

async function refuseOtherSchema(db: Kysely<unknown>): Promise<void> {
  const known = Object.keys(await provider.getMigrations())
  const { rows: exists } = await sql<{
    found: string | null
  }>`select to_regclass('kysely_migration')::text as found`.execute(db)
  if (!exists[0]?.found) return
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  const [first] = rows
  if (first && first.name !== known[0]) throw new SchemaTooOld(first.name)
  const unknown = rows.map((row) => row.name).filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new SchemaTooNew(unknown)
}
