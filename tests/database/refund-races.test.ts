// Refunds that meet other acts on the same payment: the money is whole afterwards.
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { resolveTask } from '../../server/journey/operations/resolve-task.ts'
import { payHost } from '../../server/journey/payouts/pay-host.ts'
import { refundPurchase } from '../../server/journey/refunds/refund-purchase.ts'
import { sendRefund } from '../../server/journey/refunds/send-refund.ts'
import { newId } from '../../server/lib/ids.ts'
import { now, setClockOffset } from '../../server/lib/time.ts'
import { openDispute } from '../../sandbox/stripe/acts/disputes.ts'
import { ledgerOf } from '../people/evidence.ts'
import {
  chargeOf,
  closeDispute,
  complete,
  endRefund,
  markHeld,
  type Money,
  openMoney,
  openTasks,
  paid,
  runJobs,
  schedule,
  stripe,
} from '../people/money-world.ts'
import { expectWhole, hostCentsOf, refundByOperator, refundsOf, settle, tidyUp } from './money-facts.ts'

let money: Money

beforeAll(async () => {
  money = await openMoney()
})
afterEach(async () => {
  setClockOffset(0)
  await tidyUp(money)
})
afterAll(() => money?.stop())

const fine = () => expectWhole(money)
const heldCents = (bookingId: string) => hostCentsOf(money, bookingId)
const refund = (purchaseId: string, amountCents: number) => refundByOperator(money, purchaseId, amountCents)
const ledger = (purchaseId: string) => ledgerOf(money.presence.databaseUrl, purchaseId)
const settled = (purchaseId: string) => settle(money, purchaseId)

test('partial refunds that race a completion leave the host exactly their share of the rest', async () => {
  for (let round = 0; round < 2; round++) {
    const { purchaseId, bookingIds } = await paid(money)
    await schedule(money, bookingIds[0]!)
    const acts = [
      () => refund(purchaseId, 500),
      () => markHeld(money, bookingIds[0]!),
      () => refund(purchaseId, 301),
    ]
    await Promise.all((round % 2 === 0 ? acts : acts.reverse()).map((act) => act()))
    await Promise.all([runJobs(money), payHost(money.ctx, bookingIds[0]!)])
    await settled(purchaseId)
    // 67 % of the remaining 9.99 is 6.69.
    expect(await heldCents(bookingIds[0]!)).toBe(669)
    expect(await ledger(purchaseId)).toMatchObject({ platform_revenue: -330 })
  }
  await fine()
})

test('refunds here and in the dashboard of Stripe above the price end as what Stripe refunded', async () => {
  const { purchaseId, bookingIds } = await paid(money)
  await complete(money, bookingIds[0]!)
  await runJobs(money)
  const charge = await chargeOf(money, purchaseId)
  const { refundId } = await refund(purchaseId, 1000)
  await stripe(money).refunds.create({ charge, amount: 1200 })
  await sendRefund(money.ctx, refundId)
  expect(await openTasks(money)).toMatchObject([{ kind: 'refund_failed', purchaseId }])
  await settled(purchaseId)
  expect(await refundsOf(money, purchaseId)).toMatchObject([
    { amountCents: 1000, status: 'succeeded', source: 'operator' },
    { amountCents: 200, status: 'succeeded', source: 'stripe' },
  ])
  expect(await openTasks(money)).toEqual([])
  // 67 % of the remaining 6.00 is 4.02.
  expect(await heldCents(bookingIds[0]!)).toBe(402)
  await fine()
})

test('a refund by hand that covers a part of what is owed leaves the rest to be refunded', async () => {
  const { purchaseId, bookingIds } = await paid(money, 'Weekly', '4000000000007726')
  await complete(money, bookingIds[0]!)
  const charge = await chargeOf(money, purchaseId)
  const { refundId } = await refund(purchaseId, 3500)
  await stripe(money).refunds.create({ charge, amount: 2000 })
  await sendRefund(money.ctx, refundId)
  await settled(purchaseId)
  const rows = await refundsOf(money, purchaseId)
  expect(rows.map(({ amountCents, status }) => `${amountCents} ${status}`).sort()).toEqual([
    '1500 failed',
    '2000 pending',
  ])
  await fine()
  // The bank returns the money: everything is owed again, and each refund is retried.
  await endRefund(money, rows.find(({ status }) => status === 'pending')!.refundId!, 'failed')
  await settled(purchaseId)
  await fine()
  for (const task of await openTasks(money))
    await resolveTask(money.ctx, task.id, { decision: 'try_again', note: '' })
  await settled(purchaseId)
  for (const row of await refundsOf(money, purchaseId)) await endRefund(money, row.refundId!, 'succeeded')
  await settled(purchaseId)
  expect(
    (await refundsOf(money, purchaseId)).map(({ amountCents, status }) => `${amountCents} ${status}`).sort(),
  ).toEqual(['1500 succeeded', '2000 succeeded'])
  expect(await openTasks(money)).toEqual([])
  await fine()
})

test('a refund returned by the bank and then covered by a lost dispute stays settled', async () => {
  const { purchaseId, bookingIds } = await paid(money, 'Adhoc', '4000000000007726')
  await complete(money, bookingIds[0]!)
  const { refundId } = await refund(purchaseId, 700)
  await sendRefund(money.ctx, refundId)
  await endRefund(money, (await refundsOf(money, purchaseId))[0]!.refundId!, 'failed')
  await settled(purchaseId)
  openDispute(money.presence.sandbox.ctx, await chargeOf(money, purchaseId), 'fraudulent')
  await settled(purchaseId)
  await closeDispute(
    money,
    (await stripe(money).disputes.list({ charge: await chargeOf(money, purchaseId) })).data[0]!.id,
    'lost',
  )
  await settled(purchaseId)
  expect(await refundsOf(money, purchaseId)).toMatchObject([
    { status: 'succeeded', failure: "Given back by the member's bank" },
  ])
  expect(await heldCents(bookingIds[0]!)).toBe(737)
  await fine()
})

test('a refund that an operator requests twice after a lost answer is made once', async () => {
  const { purchaseId } = await paid(money)
  const wish = {
    purchaseId,
    refundId: newId(),
    amountCents: 500,
    reason: 'Goodwill',
    requestedBy: '+61491578888',
  }
  const answers = await Promise.all([refundPurchase(money.ctx, wish), refundPurchase(money.ctx, wish)])
  expect(answers).toEqual([{ refundId: wish.refundId }, { refundId: wish.refundId }])
  await settled(purchaseId)
  expect(await refundsOf(money, purchaseId)).toMatchObject([{ amountCents: 500, status: 'succeeded' }])
  await fine()
})

test('a refund with the id of another purchase is refused, even while that is being written', async () => {
  const [first, second] = [await paid(money), await paid(money)]
  const id = newId()
  const ask = () =>
    refundPurchase(money.ctx, {
      purchaseId: second.purchaseId,
      refundId: id,
      amountCents: 500,
      reason: 'Goodwill',
      requestedBy: '+61491578888',
    })
  const refusal = { code: 'invalid_input', message: expect.stringContaining('another purchase') }
  const { asked } = await money.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('refunds')
      .values({
        id,
        purchaseId: first.purchaseId,
        amountCents: 500,
        currency: 'AUD',
        reason: 'Goodwill',
        status: 'succeeded',
        createdAt: now(),
      })
      .execute()
    const asked = ask().catch((error: unknown) => error)
    await expect
      .poll(
        async () =>
          (
            await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
              money.db,
            )
          ).rows.length,
      )
      .toBe(1)
    return { asked }
  })
  expect(await asked).toMatchObject(refusal)
  await expect(ask()).rejects.toMatchObject(refusal)
  expect(await refundsOf(money, second.purchaseId)).toEqual([])
})
