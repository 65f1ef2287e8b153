import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Db, inTransaction, openDatabase } from '../../server/db/client.ts'
import type { HostRow } from '../../server/journey/hosts/host.ts'
import { applyHosts } from '../../server/journey/hosts/read-hosts.ts'
import { now } from '../../server/lib/time.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'

let database: FreshDatabase
let db: Db
beforeAll(async () => {
  database = await freshDatabase()
  db = openDatabase(database.url, 4)
})
beforeEach(async () => {
  for (const table of ['operator_tasks', 'quarantine', 'hosts'])
    await sql`delete from ${sql.table(table)}`.execute(db)
})
afterAll(async () => {
  await db?.destroy()
  await database?.drop()
})

const row = (number: number, fields: Record<string, unknown> = {}): HostRow => ({
  id: `rec${number}`,
  fields: {
    'Full Name': `Host ${number}`,
    'Country / Time Zone': 'Australia / Australia/Sydney',
    'Mobile Number': `+614915${70000 + number}`,
    'Languages Spoken': 'English, Samoan',
    'Personality Tags': ['Calm'],
    'Cal Link': `https://cal.com/host${number}/10min`,
    'Verification Status': 'Verified',
    Status: 'Active',
    ...fields,
  },
})
const rows = (count: number, from = 0) => Array.from({ length: count }, (_, index) => row(from + index))
const without = (field: string) => (one: HostRow) => ({
  ...one,
  fields: { ...one.fields, [field]: undefined },
})

const hosts = () => db.selectFrom('hosts').selectAll().orderBy('airtableRecordId').execute()
const active = async () => (await hosts()).filter(({ status }) => status === 'Active').length
const openTasks = () =>
  db.selectFrom('operatorTasks').select(['id', 'sentence']).where('resolvedAt', 'is', null).execute()
/** What PostgreSQL knows of who wrote or locked each row last. */
const versions = async () =>
  (await sql`select id, xmin::text, xmax::text, ctid::text from hosts order by id`.execute(db)).rows

test('reading hosts writes and locks nothing when nothing changed, and only the row that did', async () => {
  await applyHosts(db, rows(450))
  const before = await versions()
  await applyHosts(db, rows(450))
  expect(await versions()).toEqual(before)
  await applyHosts(db, [...rows(449), row(449, { Status: 'Inactive' })])
  const after = await versions()
  expect(after.filter((one, index) => JSON.stringify(one) !== JSON.stringify(before[index]))).toHaveLength(1)
  expect(await active()).toBe(449)
})

test('reading hosts and a checkout wait for each other in no order', async () => {
  await applyHosts(db, rows(3))
  const { id } = (await hosts())[0]!
  // The lock that a purchase takes on its host, held while all hosts change.
  await inTransaction(db, async (tx) => {
    await sql`select id from hosts where id = ${id} for key share`.execute(tx)
    await applyHosts(
      db,
      rows(3).map((one) => ({ ...one, fields: { ...one.fields, 'Host Category': 'New' } })),
    )
  })
  expect((await hosts()).map(({ category }) => category)).toEqual(['New', 'New', 'New'])
  // And the other way round, while a host is being written.
  await inTransaction(db, async (tx) => {
    const [first] = (await hosts()).map(({ airtableRecordId }) => airtableRecordId)
    await sql`update hosts set airtable_record_id = ${first}, category = 'Newer' where id = ${id}`.execute(tx)
    await sql`select id from hosts where id = ${id} for key share`.execute(db)
  })
})

test.each(['Status', 'Verification Status', 'Country / Time Zone', 'Full Name', 'Cal Link', 'Mobile Number'])(
  'hosts stay as they were when the column %s cannot be read, with one task that closes by itself',
  async (column) => {
    await applyHosts(db, rows(30))
    const before = await versions()
    for (let times = 0; times < 10; times++) await applyHosts(db, rows(30).map(without(column)))
    expect(await versions()).toEqual(before)
    expect(await openTasks()).toHaveLength(1)
    await applyHosts(db, rows(30))
    expect(await openTasks()).toEqual([])
    await applyHosts(db, rows(30).map(without(column)))
    expect(await openTasks()).toHaveLength(1)
  },
)

test('hosts who vanish or are suspended in great numbers stay until an operator confirms exactly these', async () => {
  await applyHosts(db, rows(30))
  const fewer = [...rows(28), row(28, { Status: 'Suspended' })]
  await applyHosts(db, fewer)
  expect(await active()).toBe(28)
  const less = rows(24)
  await applyHosts(db, less)
  await applyHosts(db, less)
  expect(await active()).toBe(28)
  const [task] = await openTasks()
  expect(task!.sentence).toContain('4 hosts would close')
  await db
    .updateTable('operatorTasks')
    .set({ resolvedAt: now(), resolution: 'They left.' })
    .where('id', '=', task!.id)
    .execute()
  await applyHosts(db, rows(20))
  expect(await active()).toBe(28)
  await applyHosts(db, less)
  expect(await active()).toBe(24)
  expect(await openTasks()).toEqual([])
})

test('one row that cannot be read is put aside alone, keeps its last good version, and makes one task', async () => {
  await applyHosts(db, rows(30))
  const broken = [...rows(29), row(29, { 'Country / Time Zone': 'Atlantis', 'Host Category': 'Deep' })]
  const changed = [row(0, { 'Host Category': 'New' }), ...broken.slice(1)]
  for (let times = 0; times < 10; times++) await applyHosts(db, changed)
  const read = await hosts()
  expect(read.find(({ airtableRecordId }) => airtableRecordId === 'rec0')!.category).toBe('New')
  const kept = read.find(({ airtableRecordId }) => airtableRecordId === 'rec29')
  expect(kept).toMatchObject({ status: 'Active', timeZone: 'Australia/Sydney', category: null })
  expect((await openTasks()).map(({ sentence }) => sentence)).toEqual([
    expect.stringContaining('The row of Host 29'),
  ])
  await applyHosts(db, rows(30))
  expect(await openTasks()).toEqual([])
})

test('a value that the database refuses stops no other host', async () => {
  await applyHosts(db, [row(1), row(2, { 'Profile Photo': [{ url: 'https://a.example/\u0000' }] }), row(3)])
  expect((await hosts()).map(({ airtableRecordId }) => airtableRecordId)).toEqual(['rec1', 'rec3'])
})

test('a row that was deleted and made anew is the same host', async () => {
  await applyHosts(db, rows(3))
  const before = await hosts()
  await applyHosts(db, [row(0), row(1), { ...row(2, { Status: 'Active' }), id: 'recNew' }])
  const after = await hosts()
  expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort())
  expect(after.map(({ airtableRecordId }) => airtableRecordId)).toContain('recNew')
  // Also when it vanished for a while.
  await applyHosts(db, rows(2))
  await applyHosts(db, rows(3))
  expect((await hosts()).map(({ id, status }) => [id, status]).sort()).toEqual(
    before.map(({ id }) => [id, 'Active']).sort(),
  )
})

test('two live hosts never share a number, and two may exchange theirs', async () => {
  await applyHosts(db, [row(1), row(2, { 'Mobile Number': '+61491570001' }), row(3), row(4)])
  expect((await hosts()).map(({ airtableRecordId }) => airtableRecordId)).toEqual(['rec1', 'rec3', 'rec4'])
  const swapped = { 'Mobile Number': '+61491570003' }
  await applyHosts(db, [row(1), row(3, { 'Mobile Number': '+61491570004' }), row(4, swapped)])
  expect((await hosts()).map(({ mobileNumber }) => mobileNumber)).toEqual([
    '+61491570001',
    '+61491570004',
    '+61491570003',
  ])
  await expect(
    sql`update hosts set mobile_number = '+61491570001' where airtable_record_id = 'rec3'`.execute(db),
  ).rejects.toThrow('hosts_one_live_per_number')
})

test('a reading that the queue aborts stops between two transactions', async () => {
  await applyHosts(db, rows(3), AbortSignal.abort())
  expect(await hosts()).toEqual([])
})

// The last test, since deleting so many takes long.
test('more hosts than a statement has parameters can be read, changed and closed', async () => {
  const many = rows(66_000).map(without('Mobile Number')).map(without('Cal Link'))
  await sql`drop index hosts_search_text_idx, hosts_tags_idx`.execute(db)
  await sql`
    insert into hosts (id, airtable_record_id, full_name, country, time_zone, tags, languages, verification_status, status, created_at, updated_at)
    select gen_random_uuid(), 'rec' || n, 'Host ' || n, 'Australia', 'Australia/Sydney', '{Calm}', '{English,Samoan}', 'Verified', 'Active', ${now()}, ${now()}
    from generate_series(0, 65999) n`.execute(db)
  await applyHosts(db, [...many.slice(0, 65_999), row(70_000, { 'Mobile Number': '' })])
  expect(await active()).toBe(66_000)
  expect(await openTasks()).toEqual([])
})
