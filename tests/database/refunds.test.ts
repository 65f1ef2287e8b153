// Refunds by members, by operators and in Stripe's dashboard, before and after the transfer to the host.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { followMoney } from '../../server/journey/money/follow-money.ts'
import { reconcileMoney } from '../../server/journey/money/reconcile-money.ts'
import { resolveTask } from '../../server/journey/operations/resolve-task.ts'
import { refundBooking } from '../../server/journey/refunds/refund-booking.ts'
import { ledgerOf } from '../people/evidence.ts'
import {
  chargeOf,
  complete,
  endRefund,
  eventsOf,
  fault,
  type Money,
  openMoney,
  openTasks,
  paid,
  receive,
  runJobs,
  schedule,
  stripe,
} from '../people/money-world.ts'
import { expectWhole, payoutOf, refundByOperator, tidyUp } from './money-facts.ts'

let money: Money

beforeAll(async () => {
  money = await openMoney()
})
beforeEach(() => tidyUp(money))
afterAll(() => money?.stop())

const fine = () => expectWhole(money)
const payout = (bookingId: string) => payoutOf(money, bookingId)
const refund = (purchaseId: string, amountCents: number) => refundByOperator(money, purchaseId, amountCents)
const ledger = (purchaseId: string) => ledgerOf(money.presence.databaseUrl, purchaseId)

/** What Stripe has is read at once, and its jobs run. */
async function follow(purchaseId: string): Promise<void> {
  await followMoney(money.ctx, purchaseId)
  await runJobs(money)
}

test('a refund after the transfer reverses the share of the host once, to the cent', async () => {
  const { purchaseId, bookingIds } = await paid(money)
  await complete(money, bookingIds[0]!)
  await runJobs(money)
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'paid', amountCents: 1206 })
  await refund(purchaseId, 500)
  await runJobs(money)
  // 67 % of the remaining 13.00 is 8.71.
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'paid', reversedCents: 335 })
  expect(await ledger(purchaseId)).toMatchObject({ platform_revenue: -429 })
  await refund(purchaseId, 1300)
  await runJobs(money)
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'reversed', reversedCents: 1206 })
  expect(await ledger(purchaseId)).not.toHaveProperty('host_payable')
  await expect(refund(purchaseId, 1)).rejects.toMatchObject({ code: 'not_refundable' })
  await fine()
})

test('a refund before or during the transfer leaves the host the same cents', async () => {
  const early = await paid(money)
  await complete(money, early.bookingIds[0]!)
  await refund(early.purchaseId, 900)
  await runJobs(money)
  expect(await payout(early.bookingIds[0]!)).toMatchObject({
    status: 'paid',
    amountCents: 603,
    reversedCents: 0,
  })

  const racing = await paid(money)
  await complete(money, racing.bookingIds[0]!)
  await fault(money, { operation: 'transfers.create', kind: 'timeout_after', delayMs: 100 })
  await fault(money, { operation: 'transfers.create', kind: 'error_before', status: 503 })
  await runJobs(money)
  await refund(racing.purchaseId, 900)
  await runJobs(money)
  const after = await payout(racing.bookingIds[0]!)
  expect(after.amountCents - after.reversedCents).toBe(603)
  await fine()
})

test('a refund made in the dashboard ends unused sessions first, and is never repeated', async () => {
  const { purchaseId, bookingIds } = await paid(money, 'Weekly')
  await complete(money, bookingIds[0]!)
  await schedule(money, bookingIds[1]!)
  await runJobs(money)
  await stripe(money).refunds.create({ charge: await chargeOf(money, purchaseId), amount: 1333 })
  await reconcileMoney(money.ctx)
  await runJobs(money)
  const states = await money.db
    .selectFrom('bookings')
    .select('state')
    .where('purchaseId', '=', purchaseId)
    .orderBy('position')
    .execute()
  expect(states.map(({ state }) => state)).toEqual(['completed', 'created', 'cancelled'])
  await stripe(money).refunds.create({ charge: await chargeOf(money, purchaseId) })
  await reconcileMoney(money.ctx)
  await runJobs(money)
  expect(
    await money.db.selectFrom('purchases').select('status').where('id', '=', purchaseId).executeTakeFirst(),
  ).toEqual({ status: 'refunded' })
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'reversed', reversedCents: 1000 })
  expect((await stripe(money).refunds.list({ charge: await chargeOf(money, purchaseId) })).data).toHaveLength(
    2,
  )
  await fine()
})

test('a refund returned by the bank is owed again, reported to an operator, and can be retried', async () => {
  const { purchaseId, bookingIds } = await paid(money, 'Adhoc', '4000000000007726')
  await refundBooking(money.ctx, { memberId: money.memberId, bookingId: bookingIds[0]!, reason: 'Asked for' })
  await runJobs(money)
  const first = await money.db
    .selectFrom('refunds')
    .selectAll()
    .where('purchaseId', '=', purchaseId)
    .executeTakeFirstOrThrow()
  expect(first.status).toBe('pending')
  await endRefund(money, first.refundId!, 'failed')
  for (const event of eventsOf(money).filter((one) => one.data.object.id === first.refundId))
    await receive(money, event)
  expect(await ledger(purchaseId)).toMatchObject({ member_prepaid: -1800 })
  const [task] = await openTasks(money)
  expect(task).toMatchObject({ kind: 'refund_failed', purchaseId })
  await fine()
  await resolveTask(money.ctx, task!.id, { decision: 'try_again', note: 'new card' })
  // Stripe is away just then: neither the next try nor Stripe's list may mistake the first refund for the
  // second.
  await fault(money, { operation: 'refunds.create', kind: 'outage', times: 3 })
  expect(await runJobs(money)).toHaveLength(1)
  await follow(purchaseId)
  const again = await money.db
    .selectFrom('refunds')
    .selectAll()
    .where('id', '=', first.id)
    .executeTakeFirstOrThrow()
  expect(again.refundId).not.toBe(first.refundId)
  await endRefund(money, again.refundId!, 'succeeded')
  await runJobs(money)
  await reconcileMoney(money.ctx)
  await runJobs(money)
  expect(await ledger(purchaseId)).not.toHaveProperty('member_prepaid')
  await fine()
})

test('a lost answer of Stripe leads to one transfer, one refund and one reversal', async () => {
  const { purchaseId, bookingIds } = await paid(money)
  await complete(money, bookingIds[0]!)
  for (const operation of ['transfers.create', 'refunds.create', 'transfers.create_reversal']) {
    await fault(money, { operation, kind: 'timeout_after', delayMs: 50, times: 2 })
  }
  await runJobs(money)
  await runJobs(money)
  await refund(purchaseId, 1000)
  for (let round = 0; round < 4; round++) await runJobs(money)
  expect((await stripe(money).transfers.list({ transfer_group: purchaseId })).data).toHaveLength(1)
  expect(
    (await stripe(money).refunds.list({ charge: await chargeOf(money, purchaseId) })).data.map(
      (one) => one.amount,
    ),
  ).toEqual([1000])
  expect(await payout(bookingIds[0]!)).toMatchObject({ reversedCents: 670 })
  await fine()
})
