// npm run db:types: migrates a throw-away database and writes the types of its tables for Kysely.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import {
  generate,
  GenericExpressionNode,
  LiteralNode,
  PostgresDialect as PostgresTypes,
  RawExpressionNode,
  UnionExpressionNode,
} from 'kysely-codegen'
import pg from 'pg'
import { migrate } from '../server/db/migrate.ts'
import { type CheckedColumn, readCheckedColumns } from '../dev/checked-values.ts'
import { schemaTypesFile, withFingerprint } from '../dev/schema-types.ts'
import { startTestCluster } from '../dev/test-cluster.ts'

type Settings = {
  camelCase: boolean
  excludePattern: string
  overrides: { columns: Record<string, string> }
  typeMapping: Record<string, string>
}

const root = join(import.meta.dirname, '..')
const settings = JSON.parse(readFileSync(join(root, '.kysely-codegenrc.json'), 'utf8')) as Settings

/** A column's type, left for the generator to say whether it may be null. */
function typeOf({ values, hasDefault }: CheckedColumn) {
  const union = new UnionExpressionNode(values.map((value) => new LiteralNode(value)))
  return hasDefault ? new GenericExpressionNode('Generated', [union]) : union
}

const cluster = await startTestCluster()
try {
  await migrate(cluster.url('postgres'))
  const pool = new pg.Pool({ connectionString: cluster.url('postgres') })
  // Without this, a connection still closing when the server stops would end the process.
  pool.on('error', () => undefined)
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) })
  // As nodes: parsing a type's text needs the compiler's old programming interface, which TypeScript 7 lacks.
  const columns = {
    ...Object.fromEntries((await readCheckedColumns(pool)).map((one) => [one.column, typeOf(one)])),
    ...Object.fromEntries(
      Object.entries(settings.overrides.columns).map(([name, type]) => [name, new RawExpressionNode(type)]),
    ),
  }
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
