import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { migrate, SchemaTooNew, SchemaTooOld } from '../../server/db/migrate.ts'
import { query } from '../people/evidence.ts'
import { emptyDatabase, type FreshDatabase } from '../harness/database.ts'

const opened: FreshDatabase[] = []
afterEach(async () => {
  for (const database of opened.splice(0)) await database.drop()
})

async function empty(): Promise<string> {
  const database = await emptyDatabase()
  opened.push(database)
  return database.url
}

test('migrations are numbered one after the other, so that two of them never trade places', () => {
  const numbers = readdirSync(new URL('../../migrations/', import.meta.url)).map((name) =>
    Number(name.slice(0, 4)),
  )
  expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, index) => index + 1))
})

const script = `
  const { migrate } = await import(${JSON.stringify(new URL('../../server/db/migrate.ts', import.meta.url).href)})
  await migrate(process.env.DATABASE_URL)`

function migrateInProcess(databaseUrl: string): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, DATABASE_URL: databaseUrl },
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)))
    child.once('close', (code) => resolve({ code, said }))
  })
}

test('eight processes that start at once on an empty database migrate it once, and none fails', async () => {
  const url = await empty()
  const endings = await Promise.all(Array.from({ length: 8 }, () => migrateInProcess(url)))
  expect(endings.map(({ code, said }) => `${code} ${said}`.trim())).toEqual(Array(8).fill('0'))
  const applied = await query<{ name: string }>(url, 'select name from kysely_migration order by name')
  expect(new Set(applied.map((row) => row.name)).size).toBe(applied.length)
  expect(applied[0]?.name).toBe('0001_people_and_hosts')
  expect(await query(url, 'select * from clock'), 'what a migration inserts is there once').toHaveLength(1)
})

test('migrating again changes nothing', async () => {
  const url = await empty()
  await migrate(url)
  const before = await query(url, 'select * from kysely_migration')
  await migrate(url)
  expect(await query(url, 'select * from kysely_migration')).toEqual(before)
})

test('a database of a newer Presence is refused by name, and left as it is', async () => {
  const url = await empty()
  await migrate(url)
  await query(url, `insert into kysely_migration (name, timestamp) values ('9999_later', '2030-01-01')`)
  await expect(migrate(url)).rejects.toBeInstanceOf(SchemaTooNew)
  await expect(migrate(url)).rejects.toThrow('9999_later')
})

test('a database from before the first release is refused with what to do, and left alone', async () => {
  const url = await empty()
  await migrate(url)
  await query(url, 'delete from kysely_migration')
  await query(
    url,
    `insert into kysely_migration (name, timestamp) values ('0001_people', '2030-01-01'), ('0002_money', '2030-01-01')`,
  )
  await expect(migrate(url)).rejects.toBeInstanceOf(SchemaTooOld)
  await expect(migrate(url)).rejects.toThrow('made by an earlier version')
  await expect(migrate(url)).rejects.toThrow('remove the folder data and start again')
  const applied = await query<{ name: string }>(url, 'select name from kysely_migration order by name')
  expect(applied.map((row) => row.name)).toEqual(['0001_people', '0002_money'])
})

test('a migration that fails leaves nothing behind', async () => {
  const url = await empty()
  await query(url, 'create table members (id int)')
  await expect(migrate(url)).rejects.toThrow('members')
  const tables = await query<{ tablename: string }>(
    url,
    `select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely%'`,
  )
  expect(tables.map((row) => row.tablename)).toEqual(['members'])
  expect(await query(url, 'select * from kysely_migration')).toEqual([])
})
