// An invariant that nothing can break proves nothing: each one of npm run simulate is broken here on purpose,
// directly in the database, and must report it. All of them hold where all is well.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MessageJob } from '../../server/db/jobs.ts'
import { learnIds } from '../../server/integrations/airtable-ids.ts'
import { expireBooking } from '../../server/journey/bookings/expire-booking.ts'
import { refundBooking } from '../../server/journey/refunds/refund-booking.ts'
import { tasks } from '../../server/jobs/tasks.ts'
import { newId } from '../../server/lib/ids.ts'
import { now } from '../../server/lib/time.ts'
import { askCalcom } from '../faults/calcom.ts'
import { type History, newHistory } from '../../simulation/history.ts'
import { allInvariants } from '../../simulation/invariants.ts'
import {
  chargeOf,
  complete,
  type Money,
  openMoney,
  paid,
  runJobs,
  startedAtStripe,
  stripe,
} from '../people/money-world.ts'

let money: Money
let history: History
let held: string
let purchaseId: string
const unrest: string[] = []

/**
 * A pack of three with one session delivered, one refunded and one expired; and a checkout that nobody paid.
 */
beforeAll(async () => {
  money = await openMoney()
  history = newHistory()
  const bought = await paid(money, 'Weekly')
  purchaseId = bought.purchaseId
  held = bought.bookingIds[0]!
  await complete(money, held)
  await refundBooking(money.ctx, {
    memberId: money.memberId,
    bookingId: bought.bookingIds[1]!,
    reason: 'Asked for',
  })
  await expires(bought.bookingIds[2]!)
  const unpaid = await startedAtStripe(money)
  await money.db
    .updateTable('purchases')
    .set({ status: 'expired' })
    .where('id', '=', unpaid.purchaseId)
    .execute()
  expect(await runJobs(money)).toEqual([])
  const { rows } = await sql<{
    data: MessageJob
  }>`select data from pgboss.job where name = 'send-message'`.execute(money.db)
  for (const { data } of rows) await tasks['send-message'](money.ctx, data)
  await learnIds(money.ctx.airtable)
  await tasks['write-records'](money.ctx, {})
  history.paid.set(purchaseId, { sessions: 3, amountCents: 4000 })
  history.unpaid.add(unpaid.purchaseId)
  history.owed.add(`payment:${purchaseId}`)
  const parts = { purchaseId, refundedCents: 0 }
  history.expected.set(held, {
    ...parts,
    bookingId: held,
    amountCents: 1334,
    state: 'completed',
    outcome: 'held',
  })
  history.expected.set(bought.bookingIds[1]!, {
    ...parts,
    bookingId: bought.bookingIds[1]!,
    amountCents: 1333,
    state: 'cancelled',
    refundedCents: 1333,
  })
  history.expected.set(bought.bookingIds[2]!, {
    ...parts,
    bookingId: bought.bookingIds[2]!,
    amountCents: 1333,
    state: 'expired',
  })
})
afterAll(() => money?.stop())

async function expires(bookingId: string): Promise<void> {
  await money.db
    .updateTable('bookings')
    .set({ validUntil: new Date(now().getTime() - 1_000) })
    .where('id', '=', bookingId)
    .execute()
  await expireBooking(money.ctx, bookingId)
}

const run = (text: string, ...values: unknown[]) =>
  sql.raw(text.replace(/\$(\d)/g, (_, index) => `'${String(values[Number(index) - 1])}'`)).execute(money.db)

/** The names of the invariants that do not hold. */
async function broken(): Promise<string[]> {
  const verdicts = await allInvariants({
    world: money.presence,
    db: money.db,
    history,
    plans: [],
    unrest,
    close: async () => undefined,
  })
  expect(verdicts).toHaveLength(20)
  return verdicts.filter(({ problems }) => problems.length > 0).map(({ name }) => name)
}

test('every invariant holds where all is well', async () => {
  expect(await broken()).toEqual([])
})

const storeOf = () => money.presence.sandbox.ctx.store

/** What is broken, how it is repaired, and the beginning of the invariant that must report it. */
const breaks: [string, string, () => Promise<unknown>, () => Promise<unknown>][] = [
  [
    'a journey that broke off',
    'every journey came',
    async () => history.broken.push('Kim: lost'),
    async () => (history.broken.length = 0),
  ],
  [
    'an answer that was an accident',
    'nobody met an internal error',
    async () => history.failures.push('POST answered 500'),
    async () => (history.failures.length = 0),
  ],
  [
    'something that still waits',
    'everything came to rest',
    async () => unrest.push('an SMS'),
    async () => (unrest.length = 0),
  ],
  [
    'a webhook nobody acted on',
    'no webhook is unhandled',
    () =>
      run(
        "insert into webhook_events (id, provider, event_id, type, payload, received_at) values ($1, 'stripe', 'evt', 'charge.refunded', '{}', $2)",
        newId(),
        now().toISOString(),
      ),
    () => run("delete from webhook_events where event_id = 'evt'"),
  ],
  [
    'a job that gave up',
    'no job has failed',
    () => run("update pgboss.job set state = 'failed' where name = 'send-message'"),
    () => run("update pgboss.job set state = 'completed' where name = 'send-message'"),
  ],
  [
    'a task that nothing led to',
    'no operator task',
    () =>
      run(
        "insert into operator_tasks (id, key, kind, sentence, created_at) values ($1, 'x', 'payout_failed', 'Why?', $2)",
        newId(),
        now().toISOString(),
      ),
    () => run("delete from operator_tasks where key = 'x'"),
  ],
  [
    'a posting on one side only',
    'every posting sums to zero',
    async () => {
      await run(
        "alter table ledger_entries disable trigger all; update ledger_entries set amount_cents = amount_cents + 1 where account = 'platform_revenue' and amount_cents < -1; alter table ledger_entries enable trigger all",
      )
    },
    () =>
      run(
        "alter table ledger_entries disable trigger all; update ledger_entries set amount_cents = amount_cents - 1 where account = 'platform_revenue' and amount_cents < -1; alter table ledger_entries enable trigger all",
      ),
  ],
  [
    'a purchase with a session too many',
    'each payment is one purchase',
    async () => history.paid.set(purchaseId, { sessions: 2, amountCents: 4000 }),
    async () => history.paid.set(purchaseId, { sessions: 3, amountCents: 4000 }),
  ],
  [
    'a session that ended otherwise',
    'each session ended',
    () => run("update bookings set outcome = 'late_cancellation' where id = $1", held),
    () => run("update bookings set outcome = 'held' where id = $1", held),
  ],
  [
    'a rule that was not kept',
    'each session ended',
    async () => history.violations.push('refused'),
    async () => (history.violations.length = 0),
  ],
  [
    'a room that stays open',
    'no room is left open',
    () =>
      run(
        "insert into rooms (booking_id, attempt, name, provider, status, opens_at, closes_at, created_at) values ($1, 1, 'left-open', 'daily', 'active', $2, $2, $2)",
        held,
        now().toISOString(),
      ),
    () => run("delete from rooms where name = 'left-open'"),
  ],
  [
    'an SMS that was sent twice',
    'no SMS is doubled',
    async () => {
      const [sms] = storeOf()
        .list<{ sid: string; body: string }>('twilio.message')
        .filter(({ body }) => body.includes('40.00'))
      storeOf().put('twilio.message', 'SM_again', { ...sms, sid: 'SM_again' })
    },
    async () => storeOf().delete('twilio.message', 'SM_again'),
  ],
  [
    'an SMS that never came',
    'no SMS that is owed',
    async () => history.owed.add('welcome:nobody'),
    async () => history.owed.delete('welcome:nobody'),
  ],
  [
    'a row in Airtable of yesterday',
    'the rows in Airtable',
    () => run("update bookings set reflection = 'x', payout_status = 'failed' where id = $1", held),
    () => run("update bookings set payout_status = 'paid' where id = $1", held),
  ],
]

test.each(breaks)('%s is noticed, by the invariant it breaks', async (_what, name, breakIt, mendIt) => {
  await breakIt()
  expect(await broken()).toEqual([expect.stringContaining(name)])
  await mendIt()
  expect(await broken()).toEqual([])
})

test('overlapping sessions of one host, and one delivered but not paid, are noticed', async () => {
  const times = await money.db
    .selectFrom('bookings')
    .select(['startAt', 'endAt'])
    .where('id', '=', held)
    .executeTakeFirstOrThrow()
  const other = await money.db
    .selectFrom('bookings')
    .select('id')
    .where('state', '=', 'expired')
    .executeTakeFirstOrThrow()
  await money.db
    .updateTable('bookings')
    .set({ ...times, state: 'completed', outcome: 'held' })
    .where('id', '=', other.id)
    .execute()
  expect(await broken()).toEqual(
    expect.arrayContaining([
      expect.stringContaining('no two sessions of one host'),
      expect.stringContaining('every delivered session was paid'),
    ]),
  )
  await money.db
    .updateTable('bookings')
    .set({ startAt: null, endAt: null, state: 'expired', outcome: null })
    .where('id', '=', other.id)
    .execute()
  expect(await broken()).toEqual([])
})

// The last test, because Stripe's movements cannot be undone.
test('a transfer and a refund that only Stripe has, and what is owed after them, are noticed', async () => {
  const charge = await chargeOf(money, purchaseId)
  await stripe(money).refunds.create({ charge, amount: 100 })
  expect(await broken()).toEqual([
    expect.stringContaining('agree with Stripe'),
    expect.stringContaining('every refund was made exactly once'),
  ])
  await stripe(money).transfers.create({
    amount: 100,
    currency: 'aud',
    destination: money.accountId,
    source_transaction: charge,
    metadata: { booking_id: held },
  })
  expect(await broken()).toEqual(
    expect.arrayContaining([
      expect.stringContaining('every delivered session was paid to its host exactly once'),
    ]),
  )
  await paid(money)
  expect(await broken()).toEqual(
    expect.arrayContaining([expect.stringContaining('nothing is owed any more')]),
  )
})

test('a session that has lost its entry at Cal.com is noticed', async () => {
  await run("update bookings set cal_booking_uid = 'gone' where id = $1", held)
  expect(await broken()).toContainEqual(
    expect.stringContaining('each session that took its time at Cal.com has exactly one live entry'),
  )
  await run('update bookings set cal_booking_uid = null where id = $1', held)
})

test('a Cal.com booking that leads elsewhere than to its session is noticed', async () => {
  const path = '/v2/slots?username=amelia-hart&eventTypeSlug=10min&start=2031-01-06&end=2031-01-08'
  const days = await askCalcom<Record<string, { start: string }[]>>(money.presence, 'GET', path)
  await askCalcom(money.presence, 'POST', '/v2/bookings', {
    start: Object.values(days)[0]![0]!.start,
    username: 'amelia-hart',
    eventTypeSlug: '10min',
    attendee: { name: 'Sam', email: 'sam@example.com', timeZone: 'Australia/Sydney' },
    metadata: { presenceBookingId: held },
  })
  expect(await broken()).toContainEqual(expect.stringContaining('leads to the page of its session'))
})
