import { createServer } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyDatabase, type FreshDatabase, freshDatabase } from './database.ts'
import { openPorts } from './ports.ts'
import { reservePort } from './run.ts'

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

test('a fresh database is migrated, and no other test file sees what is written to it', async () => {
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

test('a reserved port is given once, and lies below those that the system gives away by itself', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, reservePort))
  expect(new Set(ports).size).toBe(20)
  expect(Math.max(...ports)).toBeLessThan(32_768)
})

test('a port on which somebody listens is passed over', async () => {
  const taken = await reservePort()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(taken, '127.0.0.1', resolve))
  try {
    // The range begins at 20,000.
    expect(await openPorts(taken - 20_000)()).not.toBe(taken)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
})

test('a database begins with the queues of the jobs, and nobody is connected to its template', async () => {
  const queues = await query(opened[0]!, 'select name from pgboss.queue')
  expect(queues.map((row) => row['name'])).toContain('reconcile')
  expect(
    await query(opened[0]!, "select 1 from pg_stat_activity where datname = 'template_migrated'"),
  ).toEqual([])
})
