import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { freshDatabase } from '../harness/database.ts'
import { cleanUp, type LauncherOptions, startLauncher, temporaryFolder } from './launcher.ts'

afterEach(cleanUp)

/** The words of its refusal; fails when it starts, or ends with another status. */
async function refusal(options: LauncherOptions): Promise<string> {
  const presence = await startLauncher(options)
  expect(await presence.ended, presence.said()).toBe(1)
  expect(presence.said()).not.toMatch(/\n\s+at /)
  return presence.said()
}

test('a port in use is named, with the way to choose another', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as { port: number }
  try {
    expect(await refusal({ env: { PORT: String(port) } })).toMatch(
      new RegExp(`Port ${port} .*in use.*PORT=\\d+ npm start`, 's'),
    )
    expect(await refusal({ env: { SANDBOX_PORT: String(port) } })).toMatch(
      new RegExp(`Port ${port} .*in use.*SANDBOX_PORT=\\d+ npm start`, 's'),
    )
  } finally {
    other.close()
  }
})

test('a port that is no port is named', async () => {
  expect(await refusal({ env: { PORT: 'eighty' } })).toContain('PORT is "eighty"')
})

test('a DATA_DIR that cannot be written is named', async () => {
  const file = join(temporaryFolder(), 'a-file')
  writeFileSync(file, '')
  expect(await refusal({ dataDir: file })).toContain(`DATA_DIR ${file} cannot be written`)
  expect(await refusal({ dataDir: '/proc/nowhere' })).toContain('DATA_DIR /proc/nowhere cannot be written')
})

test('a DATABASE_URL that does not answer is named without its password', async () => {
  const said = await refusal({ env: { DATABASE_URL: 'postgres://ann:hush-hush@127.0.0.1:1/presence' } })
  expect(said).toContain('127.0.0.1:1/presence')
  expect(said).toContain('DATABASE_URL')
  expect(said).not.toContain('hush-hush')
})

test('a database made by a newer version is refused and left alone', async () => {
  const database = await freshDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(
    "insert into kysely_migration (name, timestamp) values ('9999_from_the_future', '2030-01-01')",
  )
  expect(await refusal({ env: { DATABASE_URL: database.url } })).toContain('9999_from_the_future')
  const { rows } = await client.query('select 1 from kysely_migration')
  expect(rows.length).toBeGreaterThan(1)
  await client.end()
  await database.drop()
})

test('a provider with some of its keys is refused, naming every one that is missing', async () => {
  const said = await refusal({
    env: { TWILIO_ACCOUNT_SID: 'AC1', STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_PUBLISHABLE_KEY: 'pk_test_1' },
  })
  for (const name of [
    'TWILIO_AUTH_TOKEN',
    'TWILIO_MESSAGING_SERVICE_SID',
    'TWILIO_VERIFY_SERVICE_SID',
    'STRIPE_WEBHOOK_SECRET',
  ])
    expect(said).toContain(name)
  for (const name of ['STRIPE_SECRET_KEY', 'CALCOM_API_KEY']) expect(said).not.toContain(name)
})

test('production refuses the sandbox and names everything that is missing', async () => {
  const said = await refusal({ env: { NODE_ENV: 'production', STRIPE_SECRET_KEY: 'sk_live_1' } })
  for (const name of [
    'DATABASE_URL',
    'PUBLIC_URL',
    'AUTH_SECRET',
    'STRIPE_WEBHOOK_SECRET',
    'AIRTABLE_BASE_ID',
  ])
    expect(said).toContain(name)
  expect(said).not.toContain('STRIPE_SECRET_KEY')
})

test('data of another version of PostgreSQL is refused', async () => {
  const dataDir = join(temporaryFolder(), 'data')
  mkdirSync(join(dataDir, 'postgres'), { recursive: true })
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n')
  writeFileSync(join(dataDir, 'postgres.json'), JSON.stringify({ dataDirectory: 'postgres', password: 'x' }))
  expect(await refusal({ dataDir })).toContain('PostgreSQL 17')
})
