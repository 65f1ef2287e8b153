// Everything we hold of somebody is in the file they are given, or on the list of what is not and why. The
// database's own catalog is asked, so that the next table or column fails here by its name.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { holdings, notIncluded } from '../../server/journey/privacy/read-holdings.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'
import { query } from '../people/evidence.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database?.drop())

/** Tables from which a row leads to a person, and columns whose names say that they are about one. */
const aboutPeople = `
  with recursive linked as (
    select 'people'::regclass::oid as id union select 'members'::regclass union select 'hosts'::regclass
    union select conrelid from pg_constraint join linked on linked.id = confrelid where contype = 'f'
  ), named as (
    select distinct attrelid as id from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm')
      and attnum > 0 and not attisdropped
      and attname ~ '(person|member|host|mobile|phone|email|full_name|first_name)'
    union select attrelid from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = 'public'::regnamespace and attname ~ '(ip_address|user_agent|payload|identifier)'
  )
  select relname as table from pg_class where oid in (select id from linked union select id from named)
    and relkind in ('r', 'v', 'm') order by 1`

const namesOf = (rows: { table: string }[]) => rows.map(({ table }) => table)

async function problems(): Promise<string[]> {
  const tables = namesOf(await query<{ table: string }>(database.url, aboutPeople))
  const given = new Set(holdings.map(({ table }) => table))
  const columns = await query<{ table: string; name: string }>(
    database.url,
    `select table_name as table, column_name as name from information_schema.columns where table_schema = 'public'`,
  )
  const dealtWith = (table: string) =>
    holdings.filter((one) => one.table === table).flatMap((one) => [...one.columns, ...one.without])
  return [
    ...tables
      .filter((table) => !given.has(table) && !notIncluded[table])
      .map((table) => `${table} is about people: put it into holdings, or into notIncluded with a reason`),
    ...columns
      .filter(({ table, name }) => given.has(table) && !dealtWith(table).includes(name))
      .map(({ table, name }) => `${table}.${name} is new: show it in holdings, or name it in without`),
    ...[...given, ...Object.keys(notIncluded)]
      .filter((table) => !columns.some((one) => one.table === table))
      .map((table) => `${table} does not exist any more`),
  ]
}

test('every table and column about people is in the file, or on the list with a reason', async () => {
  expect(await problems()).toEqual([])
})

test('a new table about a person, and a new column of a known one, are noticed by name', async () => {
  await query(
    database.url,
    `create table moods (id uuid primary key, booking_id uuid references bookings, mood text)`,
  )
  await query(database.url, `create table visitors (id uuid primary key, email_of_visitor text)`)
  await query(database.url, `alter table members add column birthday date`)
  expect(await problems()).toEqual([
    expect.stringContaining('moods is about people'),
    expect.stringContaining('visitors is about people'),
    expect.stringContaining('members.birthday is new'),
  ])
})
