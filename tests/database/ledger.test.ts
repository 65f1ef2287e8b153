import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../server/lib/ids.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'
import { baseTime, openRows, type Rows } from './rows.ts'

let database: FreshDatabase
let rows: Rows
let purchaseId: string
let hostId: string
beforeAll(async () => {
  database = await freshDatabase()
  rows = await openRows(database.url)
  hostId = await rows.host()
  purchaseId = await rows.purchase({ memberId: await rows.member(), hostId })
})
afterAll(async () => {
  await rows?.close()
  await database?.drop()
})

type Entry = { account: string; cents: number; currency?: string; host?: string }

/** One posting in one transaction. */
async function post(entries: Entry[], key: string = newId()): Promise<string> {
  const client = await rows.pool.connect()
  const postingId = newId()
  try {
    await client.query('begin')
    await client.query(
      `insert into postings (id, key, kind, purchase_id, posted_at) values ($1, $2, 'paid', $3, $4)`,
      [postingId, key, purchaseId, baseTime],
    )
    for (const { account, cents, currency = 'AUD', host = null } of entries)
      await insertEntry(client, postingId, account, cents, currency, host)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
  return postingId
}

function insertEntry(
  client: pg.Pool | pg.PoolClient,
  postingId: string,
  account: string,
  cents: number,
  currency: string,
  host: string | null,
) {
  return client.query(
    'insert into ledger_entries (id, posting_id, account, host_id, amount_cents, currency) values ($1, $2, $3, $4, $5, $6)',
    [newId(), postingId, account, host, cents, currency],
  )
}

const paid: Entry[] = [
  { account: 'stripe_balance', cents: 1800 },
  { account: 'member_prepaid', cents: -1800 },
]

test('a posting that sums to zero is kept', async () => {
  const postingId = await post(paid)
  expect(
    await rows.run('select account from ledger_entries where posting_id = $1', [postingId]),
  ).toHaveLength(2)
})

test.each<[string, Entry[]]>([
  [
    'that does not sum to zero',
    [
      { account: 'stripe_balance', cents: 1800 },
      { account: 'member_prepaid', cents: -1799 },
    ],
  ],
  ['of a single entry', [{ account: 'stripe_balance', cents: 1800 }]],
  ['without entries', []],
  [
    'that balances only across currencies',
    [
      { account: 'stripe_balance', cents: 1800 },
      { account: 'member_prepaid', cents: -1800, currency: 'USD' },
    ],
  ],
  ['with an entry of nothing', [...paid, { account: 'stripe_fees', cents: 0 }]],
  [
    'on an unknown account',
    [
      { account: 'stripe_balance', cents: 1 },
      { account: 'pocket', cents: -1 },
    ],
  ],
  [
    'that owes a host without saying which',
    [
      { account: 'member_prepaid', cents: 1206 },
      { account: 'host_payable', cents: -1206 },
    ],
  ],
  [
    'that names a host where none belongs',
    [
      { account: 'stripe_balance', cents: 1, host: 'any' },
      { account: 'member_prepaid', cents: -1 },
    ],
  ],
])('a posting %s is refused as a whole', async (_what, entries) => {
  const before = await rows.run('select id from postings')
  await expect(
    post(entries.map((entry) => (entry.host ? { ...entry, host: hostId } : entry))),
  ).rejects.toBeInstanceOf(pg.DatabaseError)
  expect(await rows.run('select id from postings')).toHaveLength(before.length)
})

test('a posting cannot be unbalanced later by one more entry', async () => {
  const postingId = await post(paid)
  await expect(insertEntry(rows.pool, postingId, 'stripe_balance', 1, 'AUD', null)).rejects.toThrow(
    'does not sum to zero',
  )
})

test('the same fact is posted once', async () => {
  await post(paid, 'paid:same')
  await expect(post(paid, 'paid:same')).rejects.toMatchObject({ code: '23505' })
})

test.each([
  'update ledger_entries set amount_cents = amount_cents * 2',
  'delete from ledger_entries',
  'truncate ledger_entries',
  'truncate ledger_entries, postings',
  'update postings set kind = kind',
  'delete from postings',
  'truncate postings cascade',
  `with gone as (delete from ledger_entries returning *) select * from gone`,
])('the ledger is never changed: %s is refused', async (statement) => {
  await post(paid)
  const before = await rows.run('select * from ledger_entries order by id')
  await expect(rows.run(statement)).rejects.toThrow('only ever added')
  expect(await rows.run('select * from ledger_entries order by id')).toEqual(before)
})
