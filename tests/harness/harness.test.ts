import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyDatabase, type FreshDatabase, freshDatabase } from './database.ts'

const opened: FreshDatabase[] = []

async function query(database: FreshDatabase, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  opened.push(await freshDatabase(), await freshDatabase(), await emptyDatabase())
})

afterAll(async () => {
  for (const database of opened) await database.drop()
})

test('a fresh database is migrated, and what one test file writes no other one sees', async () => {
  const [one, other, empty] = opened as [FreshDatabase, FreshDatabase, FreshDatabase]
  await query(one, 'create table only_here (id int)')
  const tables = (database: FreshDatabase) =>
    query(database, "select tablename from pg_tables where schemaname = 'public'")
  expect((await tables(one)).map((row) => row['tablename'])).toContain('only_here')
  expect((await tables(other)).length).toBeGreaterThan(0)
  expect((await tables(other)).map((row) => row['tablename'])).not.toContain('only_here')
  expect(await tables(empty)).toEqual([])
})

test('the server speaks UTC and compares text by code point, whatever the machine is set to', async () => {
  const [row] = await query(
    opened[0]!,
    `select version(), current_setting('TimeZone') as zone, current_setting('server_encoding') as encoding,
    (select datlocale from pg_database where datname = current_database()) as locale`,
  )
  expect(row).toMatchObject({ zone: 'UTC', encoding: 'UTF8', locale: 'C.UTF-8' })
  expect(String(row!['version'])).toMatch(/^PostgreSQL 18\./)
})
