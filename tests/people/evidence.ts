// What a test looks at besides the pages' own API: rows, SMS, Stripe's balance, and whether anything is due.
import pg from 'pg'
import { rowsOf, stripeOf } from '../../world/outside.ts'
import { phoneOf, type Sms, waitFor, type World } from '../../world/person.ts'
import type { Presence } from '../harness/presence.ts'

/** One statement on a connection of its own. */
export async function query<Row = Record<string, unknown>>(
  databaseUrl: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query(sql, values)).rows as Row[]
  } finally {
    await client.end()
  }
}

/**
 * Waits until nothing is due: no webhook under way, no job to run, no SMS or record waiting. Nothing more
 * happens until the clock moves on.
 */
export async function untilIdle(presence: Presence, seconds = 60): Promise<void> {
  let calm = 0
  await waitFor(
    'the end of all due work',
    async () => {
      await presence.sandbox.settled()
      const [due] = await query<{ jobs: number; messages: number; records: number; calls: number }>(
        presence.databaseUrl,
        `
        select (select count(*) from pgboss.job where state in ('active', 'retry') or (state = 'created' and start_after <= now()))::int as jobs,
          (select count(*) from messages where status = 'waiting')::int as messages,
          (select count(*) from record_changes)::int as records,
          (select count(*) from outgoing_calls where finished_at is null)::int as calls`,
      )
      const isCalm = Object.values(due!).every((count) => count === 0)
      calm = isCalm ? calm + 1 : 0
      if (!isCalm) throw new Error(JSON.stringify(due))
      return calm >= 2
    },
    seconds,
  )
}

/** Every SMS to a number since `from`, without sign-in codes. */
export async function smsOf(world: World, mobileNumber: string, from = 0): Promise<Sms[]> {
  return (await phoneOf(world, mobileNumber)).filter(({ body }) => !/\b\d{6}\b/.test(body)).slice(from)
}

export async function smsArrives(world: World, mobileNumber: string, ...words: string[]): Promise<Sms> {
  return waitFor(`an SMS with ${words.join(', ')}`, async () =>
    (await smsOf(world, mobileNumber)).find(({ body }) => words.every((word) => body.includes(word))),
  )
}

const beginnings: Record<string, RegExp> = {
  welcome: /^Welcome/,
  paid: /^Thank you, .* is paid/,
  booked: /^You are meeting/,
  moved: /you now meet/,
  reminder: /^Almost time/,
  thanks: /^Thank you for being here/,
  cancelled: /^The session of .* is cancelled/,
  expiring: /^A gentle nudge/,
  'been away': /how are you today/,
  'host failed': /^We are sorry/,
  liked: /would love to meet you again/,
  match: /^It's a match/,
}

/** What each SMS to a number is about, by the words of the seed's templates, in order of arrival. */
export async function smsKinds(world: World, mobileNumber: string): Promise<string[]> {
  const all = await smsOf(world, mobileNumber)
  return all.map(({ body }) => Object.keys(beginnings).find((kind) => beginnings[kind]!.test(body)) ?? body)
}

/** The cells of one row that we write to Airtable, found by our id; exactly one row may have it. */
export async function airtableRow(
  world: World,
  table: string,
  presenceId: string,
): Promise<Record<string, unknown>> {
  const rows = (await rowsOf(world, table)).filter(({ fields }) => fields['Presence ID'] === presenceId)
  if (rows.length !== 1) throw new Error(`${table} has ${rows.length} rows of ${presenceId}`)
  return rows[0]!.fields
}

export type Balances = Record<string, number>

/** The ledger's accounts in cents, of everything or of one purchase; `host_payable` is all hosts together. */
export async function ledgerOf(databaseUrl: string, purchaseId?: string): Promise<Balances> {
  const rows = await query<{ account: string; cents: number }>(
    databaseUrl,
    `
    select account, sum(amount_cents)::int as cents from ledger_entries join postings on postings.id = posting_id
    where $1::uuid is null or purchase_id = $1 group by account having sum(amount_cents) <> 0`,
    [purchaseId ?? null],
  )
  return Object.fromEntries(rows.map(({ account, cents }) => [account, cents]))
}

/** Stripe's own balance of the platform: the sum of all its movements, after fees. */
async function stripeBalance(world: World): Promise<number> {
  const entries = await stripeOf(world)
    .balanceTransactions.list({ limit: 100 })
    .autoPagingToArray({ limit: 10_000 })
  return entries.reduce((sum, entry) => sum + entry.net, 0)
}

/**
 * The violations of guarantees 1, 2 and 5 while idle: every paid purchase is fully granted, the ledger sums
 * to zero and agrees with Stripe to the cent, and each completed booking has at most one transfer.
 */
export async function violations(presence: Presence): Promise<string[]> {
  const broken: string[] = []
  const ledger = await ledgerOf(presence.databaseUrl)
  const sum = Object.values(ledger).reduce((total, cents) => total + cents, 0)
  if (sum !== 0) broken.push(`the ledger sums to ${sum}`)
  const atStripe = await stripeBalance(presence)
  if ((ledger['stripe_balance'] ?? 0) !== atStripe)
    broken.push(`the ledger has ${ledger['stripe_balance'] ?? 0} at Stripe, Stripe has ${atStripe}`)
  const unbalanced = await query<{ id: string }>(
    presence.databaseUrl,
    `
    select purchases.id from purchases left join bookings on bookings.purchase_id = purchases.id where purchases.status in ('paid', 'refunded')
    group by purchases.id having coalesce(sum(bookings.amount_cents), 0) <> purchases.amount_cents
      or count(bookings.id) <> (purchases.terms ->> 'sessions')::int`,
  )
  for (const { id } of unbalanced) broken.push(`purchase ${id} is not fully granted`)
  const [prepaid] = await query<{ cents: number }>(
    presence.databaseUrl,
    `
    select (coalesce((select sum(amount_cents - refunded_cents) from bookings where state in ('pending', 'created')), 0)
      + coalesce((select sum(amount_cents) from refunds where status in ('requested', 'failed')), 0))::int as cents`,
  )
  if (-(ledger['member_prepaid'] ?? 0) !== prepaid!.cents)
    broken.push(`members have ${prepaid!.cents} to use, the ledger says ${-(ledger['member_prepaid'] ?? 0)}`)
  const transfers = await stripeOf(presence)
    .transfers.list({ limit: 100 })
    .autoPagingToArray({ limit: 10_000 })
  const paidFor = transfers.map((transfer) => transfer.metadata['booking_id'] ?? '')
  if (new Set(paidFor).size !== paidFor.length) broken.push('a booking was transferred twice')
  const completed = await query<{ id: string }>(
    presence.databaseUrl,
    "select id from bookings where state = 'completed'",
  )
  for (const id of paidFor)
    if (!completed.some((row) => row.id === id))
      broken.push(`booking ${id} was transferred but not completed`)
  return broken
}

/** Every row of every table in which one of these words stands, a few of each, as "table: word in row". */
export async function findEverywhere(databaseUrl: string, words: string[]): Promise<string[]> {
  const tables = await query<{ name: string }>(
    databaseUrl,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('public', 'pgboss') order by 1`,
  )
  const searches = tables.map(
    ({ name }) => `(select '${name}' as place, word, left(one::text, 300) as row
      from ${name} one join unnest($1::text[]) word on strpos(lower(one::text), lower(word)) > 0
      order by 2 limit 9)`,
  )
  const found = await query<{ place: string; word: string; row: string }>(
    databaseUrl,
    searches.join(' union all '),
    [words],
  )
  return found.map(({ place, word, row }) => `${place}: ${word} in ${row}`)
}
