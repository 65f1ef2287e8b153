import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction } from '../../server/db/client.ts'
import { enqueue, type JobName, type Jobs } from '../../server/db/jobs.ts'
import { warnExpiry } from '../../server/journey/bookings/expire-booking.ts'
import { plans } from '../../server/journey/plans/plan.ts'
import { resumeAll } from '../../server/db/resume-jobs.ts'
import { afterFailure } from '../../server/jobs/after-failure.ts'
import { queueNames } from '../../server/jobs/queue.ts'
import { reconcile } from '../../server/jobs/reconcile.ts'
import { reportStuckWork } from '../../server/jobs/report-stuck-work.ts'
import { NotYet } from '../../server/lib/errors.ts'
import { newId } from '../../server/lib/ids.ts'
import { addHours, addMinutes, now, setClockOffset } from '../../server/lib/time.ts'
import { openVerbs, type Verbs } from '../people/verbs.ts'
import { openRows, type Rows } from './rows.ts'

let verbs: Verbs
let rows: Rows
beforeAll(async () => {
  verbs = await openVerbs()
  rows = await openRows(verbs.presence.databaseUrl)
})
afterAll(async () => {
  await rows?.close()
  await verbs?.stop()
})

const jobs = async (name: JobName) =>
  (
    await sql<{ data: unknown }>`
      select data from pgboss.job where name = ${name} and state in ('created', 'retry', 'active')`.execute(
      verbs.db,
    )
  ).rows.map(({ data }) => data)

test('three sweeps at the same time start each job once', async () => {
  const { ctx, db } = verbs
  const memberId = await rows.member()
  const hostId = await rows.host()
  const expired: string[] = []
  for (let count = 0; count < 20; count++) expired.push(await rows.sold({ memberId, hostId }))
  await db
    .updateTable('bookings')
    .set({ validUntil: addMinutes(now(), -1) })
    .execute()
  const open = await rows.purchase({ memberId, hostId })
  await db
    .updateTable('purchases')
    .set({
      status: 'open',
      checkoutId: 'cs_1',
      chargeId: null,
      paidAt: null,
      createdAt: addMinutes(now(), -5),
    })
    .where('id', '=', open)
    .execute()
  await Promise.all([reconcile(ctx), reconcile(ctx), reconcile(ctx)])
  expect(await jobs('expire-booking')).toHaveLength(20)
  expect(await jobs('confirm-purchase')).toEqual([{ purchaseId: open }])
  await reconcile(ctx)
  expect(await jobs('expire-booking')).toHaveLength(20)
  expect(await jobs('confirm-purchase')).toHaveLength(1)
})

test('a sweep that finds what another is just starting waits for it, and starts nothing again', async () => {
  const { db } = verbs
  const payloads = [1, 2, 3].map((attempt) => ({ bookingId: newId(), attempt }))
  const sweep = () => inTransaction(db, (tx) => resumeAll(tx, 'close-room', payloads))
  let others: Promise<unknown> | undefined
  await inTransaction(db, async (tx) => {
    await resumeAll(tx, 'close-room', payloads)
    others = Promise.all([sweep(), sweep()])
    // Long enough for them to compare and insert, were they not made to wait.
    await Promise.race([others, new Promise((resolve) => setTimeout(resolve, 300))])
  })
  await others
  expect(await jobs('close-room')).toHaveLength(3)
})

const withTask = queueNames.filter((name) => afterFailure[name].after === 'task')

/** Fails the waiting jobs of this name, as when all their tries are used up. */
const failForGood = (name: JobName) =>
  sql`update pgboss.job set state = 'failed', completed_on = ${new Date()} where name = ${name} and state = 'created'`.execute(
    verbs.db,
  )
const tasksOf = (name: JobName) =>
  verbs.db
    .selectFrom('operatorTasks')
    .select(['id', 'bookingId', 'resolvedAt'])
    .where('key', 'like', `job_failed:${name}:%`)
    .execute()

test.each(withTask)(
  'a job %s that fails for good makes one task, whatever the number of tries',
  async (name) => {
    const { ctx, db } = verbs
    const bookingId = await rows.sold({ memberId: await rows.member(), hostId: await rows.host() })
    const { purchaseId, memberId } = await db
      .selectFrom('bookings')
      .select(['purchaseId', 'memberId'])
      .where('id', '=', bookingId)
      .executeTakeFirstOrThrow()
    const payloads: Partial<Jobs> = {
      'mark-absent': { calBookingUid: newId(), absent: 'host', memberId },
      'remind-inactive': { purchaseId },
      'write-records': {},
      'register-webhooks': {},
      'send-message': {
        key: newId(),
        template: 'Welcome',
        recipient: 'member',
        bookingId,
        usefulUntil: now().toISOString(),
      },
    }
    const payload = payloads[name] ?? { bookingId, attempt: 1, startAt: now().toISOString() }
    const fail = async () => {
      await inTransaction(db, (tx) => enqueue(tx, name, payload as never))
      await failForGood(name)
      await reportStuckWork(ctx)
    }
    await fail()
    await fail()
    const [task, ...more] = await tasksOf(name)
    expect(more).toEqual([])
    if ('bookingId' in payload) expect(task!.bookingId).toBe(bookingId)
    // Settled, it stays settled until the same work fails again.
    await db
      .updateTable('operatorTasks')
      .set({ resolvedAt: new Date(), resolution: 'Done by hand.' })
      .where('id', '=', task!.id)
      .execute()
    await reportStuckWork(ctx)
    expect((await tasksOf(name))[0]!.resolvedAt).not.toBeNull()
    await fail()
    expect((await tasksOf(name)).map(({ resolvedAt }) => resolvedAt)).toEqual([null])
  },
)

test('a job that failed makes no task while its work waits in another one, or once it was done', async () => {
  const { ctx, db } = verbs
  const name = 'warn-expiry'
  const bookingId = await rows.sold({ memberId: await rows.member(), hostId: await rows.host() })
  const payload = { bookingId } as never
  const told = async () => (await tasksOf(name)).length
  const before = await told()
  await inTransaction(db, (tx) => enqueue(tx, name, payload))
  await failForGood(name)
  await inTransaction(db, (tx) => enqueue(tx, name, payload))
  await reportStuckWork(ctx)
  expect(await told(), 'it waits in another job').toBe(before)
  await sql`update pgboss.job set state = 'completed', completed_on = now() + interval '1 minute'
    where name = ${name} and state = 'created'`.execute(db)
  await reportStuckWork(ctx)
  expect(await told(), 'it was done').toBe(before)
  await sql`delete from pgboss.job where name = ${name} and state = 'completed'`.execute(db)
  await reportStuckWork(ctx)
  expect(await told()).toBe(before + 1)
})

test('every job that counts on reconcile is started again by it', () => {
  const sources = ['server/jobs/reconcile.ts', 'server/journey/purchases/reconcile-purchases.ts']
    .map((path) => readFileSync(path, 'utf8'))
    .join('')
  for (const name of queueNames) {
    const failure = afterFailure[name]
    if (failure.after !== 'sweep' || failure.sweep !== 'reconcile') continue
    expect(sources).toMatch(new RegExp(`'${failure.as ?? name}',`))
  }
})

test("an expiry warning is not lost when the worker's clock is behind the database's", async () => {
  const { ctx, db } = verbs
  const bookingId = await rows.sold({ memberId: await rows.member(), hostId: await rows.host() })
  const validUntil = addHours(now(), plans.Adhoc.expiryWarningHours)
  await db.updateTable('bookings').set({ validUntil }).where('id', '=', bookingId).execute()
  setClockOffset(-60_000)
  await expect(warnExpiry(ctx, bookingId)).rejects.toBeInstanceOf(NotYet)
  setClockOffset(0)
  await warnExpiry(ctx, bookingId)
  const { rows: messages } = await sql`
    select data ->> 'template' as template from pgboss.job where name = 'send-message' and data ->> 'bookingId' = ${bookingId}`.execute(
    db,
  )
  expect(messages).toEqual([{ template: 'Pack Expiring' }])
})

test('a warning for a validity that was extended meanwhile leaves it to the later job', async () => {
  const { ctx, db } = verbs
  const bookingId = await rows.sold({ memberId: await rows.member(), hostId: await rows.host() })
  await db
    .updateTable('bookings')
    .set({ validUntil: addHours(now(), 7 * 24) })
    .where('id', '=', bookingId)
    .execute()
  await expect(warnExpiry(ctx, bookingId)).resolves.toBeUndefined()
})
