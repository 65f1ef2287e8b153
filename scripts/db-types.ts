// npm run db:types: migrates a throw-away database and writes the types of its tables for Kysely.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import { generate, PostgresDialect as PostgresTypes, RawExpressionNode } from 'kysely-codegen'
import pg from 'pg'
import { migrate } from '../server/db/migrate.ts'
import { schemaTypesFile, withFingerprint } from '../dev/schema-types.ts'
import { startTestCluster } from '../dev/test-cluster.ts'

type Settings = {
  camelCase: boolean
  excludePattern: string
  overrides: { columns: Record<string, string> }
  typeMapping: Record<string, string>
}

const root = join(import.meta.dirname, '..')
const { overrides, ...settings } = JSON.parse(
  readFileSync(join(root, '.kysely-codegenrc.json'), 'utf8'),
) as Settings
// Passed unparsed: parsing them needs the compiler's old API, which TypeScript 7 no longer has.
// Whether a column may be null comes from the database.
const columns = Object.fromEntries(
  Object.entries(overrides.columns).map(([name, type]) => [
    name,
    new RawExpressionNode(type.replace(/ \| null$/, '')),
  ]),
)

const cluster = await startTestCluster()
try {
  await migrate(cluster.url('postgres'))
  const pool = new pg.Pool({ connectionString: cluster.url('postgres') })
  // Without this, a connection still closing when the server stops would end the process.
  pool.on('error', () => undefined)
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) })
  const text = await generate({
    db,
    dialect: new PostgresTypes(),
    camelCase: settings.camelCase,
    excludePattern: settings.excludePattern,
    typeMapping: settings.typeMapping,
    overrides: { columns },
  })
  await db.destroy()
  writeFileSync(join(root, schemaTypesFile), withFingerprint(root, text))
  console.log(`${schemaTypesFile} is written.`)
} finally {
  await cluster.stop()
}
