import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, inTransaction, openDatabase, violatedConstraint } from '../../server/db/client.ts'
import {
  bookingEvents,
  type BookingEvent,
  type BookingState,
  transition,
} from '../../server/journey/bookings/booking.ts'
import { changeBooking, lockBooking } from '../../server/journey/bookings/change-booking.ts'
import { partsOf, plans } from '../../server/journey/plans/plan.ts'
import { postEntries } from '../../server/journey/purchases/post-entries.ts'
import { openQueue } from '../../server/jobs/queue.ts'
import { Refusal } from '../../server/lib/errors.ts'
import { newId } from '../../server/lib/ids.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'
import { baseTime, minutesLater, openRows, type Rows } from './rows.ts'

let database: FreshDatabase
let rows: Rows
let db: Db
let boss: Awaited<ReturnType<typeof openQueue>>
beforeAll(async () => {
  database = await freshDatabase()
  rows = await openRows(database.url)
  db = openDatabase(database.url)
  boss = await openQueue(database.url, false)
})
afterAll(async () => {
  await boss?.stop({ graceful: false })
  await db?.destroy()
  await rows?.close()
  await database?.drop()
})

type Step = { booking: number; event: BookingEvent; slot: number; together: boolean }
const step: fc.Arbitrary<Step> = fc.record({
  booking: fc.nat(2),
  event: fc.constantFrom(...bookingEvents),
  slot: fc.nat(3),
  together: fc.boolean(),
})

/** A paid Weekly pack and its three sessions. */
async function paidPack() {
  const people = { memberId: await rows.member(), hostId: await rows.host() }
  const purchaseId = await rows.purchase(people, 'Weekly')
  const ids: string[] = []
  for (const [index, part] of partsOf(plans.Weekly).entries()) {
    const id = newId()
    await rows.run(
      `insert into bookings (id, purchase_id, position, member_id, host_id, state, valid_until, amount_cents, host_cents, platform_cents, created_at)
      values ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9, $10)`,
      [
        id,
        purchaseId,
        index + 1,
        people.memberId,
        people.hostId,
        minutesLater(10_000),
        part.amountCents,
        part.hostCents,
        part.platformCents,
        baseTime,
      ],
    )
    ids.push(id)
  }
  await inTransaction(db, (tx) =>
    postEntries(
      tx,
      { id: purchaseId, currency: 'AUD' },
      { kind: 'paid', key: `paid:${purchaseId}`, amountCents: 4000 },
    ),
  )
  return { purchaseId, ids }
}

/** The columns that a verb sets together with `event`. */
function factsOf(event: BookingEvent, booking: { attempt: number }, slot: number) {
  if (event !== 'scheduled' && event !== 'moved' && event !== 'move_refused') return {}
  return {
    startAt: minutesLater(slot * 10),
    endAt: minutesLater(slot * 10 + 10),
    attempt: booking.attempt + 1,
    outcome: null,
    calendar: 'builtin' as const,
  }
}

type Outcome = { from: BookingState; to: BookingState } | 'refused' | 'time taken'

async function apply(bookingId: string, { event, slot }: Step): Promise<Outcome> {
  try {
    return await inTransaction(db, async (tx) => {
      const before = (await lockBooking(tx, bookingId))!
      const after = await changeBooking(tx, before, event, { set: factsOf(event, before, slot) })
      return { from: before.state, to: after.state }
    })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'conflict') return 'refused'
    if (violatedConstraint(error)?.startsWith('one_booking_per')) return 'time taken'
    throw error
  }
}

async function promisesOf(purchaseId: string) {
  const [sum] = await rows.run<{ cents: number }>(
    'select sum(amount_cents)::int as cents from ledger_entries join postings on postings.id = posting_id where purchase_id = $1',
    [purchaseId],
  )
  const [prepaid] = await rows.run<{ cents: number }>(
    `select coalesce(-sum(amount_cents), 0)::int as cents from ledger_entries join postings on postings.id = posting_id
    where purchase_id = $1 and account = 'member_prepaid'`,
    [purchaseId],
  )
  const [unearned] = await rows.run<{ cents: number; all: number }>(
    `select coalesce(sum(amount_cents) filter (where state <> 'completed'), 0)::int as cents, sum(amount_cents)::int as all
    from bookings where purchase_id = $1`,
    [purchaseId],
  )
  const [earned] = await rows.run<{ postings: number; completed: number }>(
    `select (select count(*) from postings where purchase_id = $1 and kind = 'completed')::int as postings,
    (select count(*) from bookings where purchase_id = $1 and state = 'completed')::int as completed`,
    [purchaseId],
  )
  const [overlaps] = await rows.run<{ count: number }>(
    `select count(*)::int as count from bookings one join bookings other on one.id < other.id and one.host_id = other.host_id
    and one.state = 'created' and other.state = 'created' and tstzrange(one.start_at, one.end_at) && tstzrange(other.start_at, other.end_at) where one.purchase_id = $1`,
    [purchaseId],
  )
  return {
    sum: sum!.cents,
    isAccountedFor: prepaid!.cents === unearned!.cents,
    parts: unearned!.all,
    isEarnedOnce: earned!.postings === earned!.completed,
    overlaps: overlaps!.count,
  }
}

test('any acts on a pack, in any order and at once, follow the table and account for all money', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const { purchaseId, ids } = await paidPack()
      const check = (one: Step, outcome: Outcome) => {
        if (typeof outcome === 'string') return
        expect(transition(outcome.from, one.event)?.to, `${outcome.from} x ${one.event}`).toBe(outcome.to)
      }
      for (const [index, one] of steps.entries()) {
        const other = one.together ? steps[index + 1] : undefined
        const acts = [one, ...(other ? [other] : [])].map((each) => apply(ids[each.booking]!, each))
        for (const [at, outcome] of (await Promise.all(acts)).entries())
          check(at === 0 ? one : other!, outcome)
        expect(await promisesOf(purchaseId)).toEqual({
          sum: 0,
          isAccountedFor: true,
          parts: 4000,
          isEarnedOnce: true,
          overlaps: 0,
        })
      }
    }),
    { numRuns: 25 },
  )
})

test('exactly one of all the acts that end a session at the same moment happens', async () => {
  const { purchaseId, ids } = await paidPack()
  const id = ids[0]!
  await apply(id, { booking: 0, event: 'scheduled', slot: 0, together: false })
  const endings: BookingEvent[] = [
    'held',
    'member_absent',
    'cancelled_late',
    'held',
    'host_absent',
    'cancelled_in_time',
    'host_cancelled',
  ]
  const outcomes = await Promise.all(
    endings.map((event) => apply(id, { booking: 0, event, slot: 0, together: false })),
  )
  expect(outcomes.filter((one) => one !== 'refused')).toHaveLength(1)
  expect(await promisesOf(purchaseId)).toMatchObject({ sum: 0, isAccountedFor: true, isEarnedOnce: true })
})
