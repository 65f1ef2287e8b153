// Two acts on one payment at the same moment, and Stripe's refusals: the money is whole afterwards, to the
// cent.
import { sql } from 'kysely'
import Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { refundPurchase } from '../../server/journey/refunds/refund-purchase.ts'
import { sendRefund } from '../../server/journey/refunds/send-refund.ts'
import { followMoney } from '../../server/journey/money/follow-money.ts'
import { payHost } from '../../server/journey/payouts/pay-host.ts'
import { readEarnings } from '../../server/journey/payouts/read-earnings.ts'
import { resolveTask } from '../../server/journey/operations/resolve-task.ts'
import { newId } from '../../server/lib/ids.ts'
import { hourMs, now, setClockOffset } from '../../server/lib/time.ts'
import { openDispute } from '../../sandbox/stripe/acts/disputes.ts'
import { violations, ledgerOf } from '../people/evidence.ts'
import {
  chargeOf,
  closeDispute,
  complete,
  endRefund,
  fault,
  markHeld,
  type Money,
  openMoney,
  openTasks,
  paid,
  receive,
  runJobs,
  schedule,
  stripe,
} from '../people/money-world.ts'

let money: Money

beforeAll(async () => {
  money = await openMoney()
})
afterEach(async () => {
  setClockOffset(0)
  await fetch(`${money.presence.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' })
  await money.db
    .updateTable('operatorTasks')
    .set({ resolvedAt: new Date(0) })
    .where('resolvedAt', 'is', null)
    .execute()
})
afterAll(() => money?.stop())

const fine = async () => expect(await violations(money.presence)).toEqual([])
const payout = (bookingId: string) =>
  money.db.selectFrom('payouts').selectAll().where('bookingId', '=', bookingId).executeTakeFirstOrThrow()
const heldCents = async (bookingId: string) =>
  payout(bookingId).then((row) => (row.transferId ? row.amountCents - row.reversedCents : 0))
const refund = (purchaseId: string, amountCents: number) =>
  refundPurchase(money.ctx, { purchaseId, amountCents, reason: 'Goodwill', requestedBy: '+61491578888' })
const refundsOf = (purchaseId: string) =>
  money.db
    .selectFrom('refunds')
    .selectAll()
    .where('purchaseId', '=', purchaseId)
    .orderBy('createdAt')
    .execute()
const transfersOf = async (purchaseId: string) =>
  (await stripe(money).transfers.list({ transfer_group: purchaseId })).data
const ledger = (purchaseId: string) => ledgerOf(money.presence.databaseUrl, purchaseId)

/** Runs jobs until nothing is left to do. */
async function settled(purchaseId: string): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await runJobs(money)
    await followMoney(money.ctx, purchaseId)
  }
  expect(await runJobs(money)).toEqual([])
}

test('a host whose account is disabled before the transfer is paid once it is enabled again', async () => {
  const { purchaseId, bookingIds } = await paid(money)
  await complete(money, bookingIds[0]!)
  const { store } = money.presence.sandbox.ctx
  const account = store.get<{ id: string; capabilities: object }>('stripe.account', money.accountId)!
  const updated = () =>
    receive(money, {
      id: 'evt',
      type: 'account.updated',
      created: 0,
      data: { object: { id: account.id, object: 'account' } },
    })
  store.put('stripe.account', account.id, {
    ...account,
    capabilities: { transfers: 'inactive' },
    payouts_enabled: false,
  })
  await updated()
  expect(await runJobs(money)).toEqual([])
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'waiting_for_onboarding', transferId: null })
  expect((await readEarnings(money.db, money.hostId, 0)).availableCents).toBe(1206)
  store.put('stripe.account', account.id, account)
  for (let times = 0; times < 3; times++) await updated()
  expect(await runJobs(money)).toEqual([])
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'paid' })
  expect(await transfersOf(purchaseId)).toHaveLength(1)
  await fine()
})

test('a low balance is reported to an operator once, and pays once when there is enough', async () => {
  const { purchaseId, bookingIds } = await paid(money)
  await complete(money, bookingIds[0]!)
  const refusal = new Stripe.errors.StripeInvalidRequestError({
    type: 'invalid_request_error',
    code: 'balance_insufficient',
    message: 'Insufficient funds',
  })
  Object.assign(refusal, { statusCode: 400 })
  const create = vi.spyOn(money.ctx.stripe.sdk.transfers, 'create').mockRejectedValue(refusal)
  for (let times = 0; times < 2; times++) await payHost(money.ctx, bookingIds[0]!)
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'scheduled', try: 3, transferId: null })
  expect((await openTasks(money)).filter(({ kind }) => kind === 'payout_failed')).toHaveLength(1)
  create.mockRestore()
  await payHost(money.ctx, bookingIds[0]!)
  await settled(purchaseId)
  expect((await transfersOf(purchaseId)).map(({ amount }) => amount)).toEqual([1206])
  await fine()
})

test('a transfer has one idempotency key, so that a repeated request answers the same transfer', async () => {
  const { purchaseId, bookingIds } = await paid(money)
  await complete(money, bookingIds[0]!)
  await fault(money, { operation: 'transfers.create', kind: 'timeout_after', delayMs: 20, times: 2 })
  await runJobs(money)
  // The record of the first try is not needed: Stripe replays its answer for this key.
  await money.db
    .updateTable('payouts')
    .set({ triedAt: null })
    .where('bookingId', '=', bookingIds[0]!)
    .execute()
  await payHost(money.ctx, bookingIds[0]!)
  expect(await transfersOf(purchaseId)).toMatchObject([
    { id: (await payout(bookingIds[0]!)).transferId!, amount: 1206 },
  ])
  await settled(purchaseId)
  await fine()
})

test('a key that Stripe knows from another request pays nothing twice', async () => {
  const { purchaseId, bookingIds } = await paid(money)
  const source = await chargeOf(money, purchaseId)
  await complete(money, bookingIds[0]!)
  const metadata = { booking_id: bookingIds[0]!, purchase_id: purchaseId }
  const wish = {
    amount: 1206,
    currency: 'aud',
    destination: money.accountId,
    source_transaction: source,
    transfer_group: purchaseId,
    metadata,
    description: 'other words',
  }
  await stripe(money).transfers.create(wish, { idempotencyKey: `transfer:${bookingIds[0]}:1` })
  await payHost(money.ctx, bookingIds[0]!)
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'failed', transferId: null })
  const task = (await openTasks(money)).find(({ kind }) => kind === 'payout_failed')!
  await resolveTask(money.ctx, task.id, { note: 'try again' })
  await settled(purchaseId)
  expect(await transfersOf(purchaseId)).toHaveLength(1)
  expect(await heldCents(bookingIds[0]!)).toBe(1206)

  const { refundId } = await refund(purchaseId, 600)
  await stripe(money).refunds.create(
    { charge: source, amount: 600, metadata: { refund_id: refundId, refund_try: '1' } },
    { idempotencyKey: `refund:${refundId}:1` },
  )
  await settled(purchaseId)
  expect((await stripe(money).refunds.list({ charge: source })).data).toHaveLength(1)
  expect(await refundsOf(purchaseId)).toMatchObject([{ status: 'succeeded', try: 1 }])
  await fine()
})

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

test('a dispute that opens during a transfer leaves one transfer, and all of it is posted', async () => {
  const { purchaseId, bookingIds } = await paid(money)
  await complete(money, bookingIds[0]!)
  await fault(money, { operation: 'transfers.create', kind: 'slow', delayMs: 600 })
  const paying = payHost(money.ctx, bookingIds[0]!)
  await vi.waitFor(async () => expect((await payout(bookingIds[0]!)).triedAt).not.toBeNull(), 10_000)
  openDispute(money.presence.sandbox.ctx, await chargeOf(money, purchaseId), 'fraudulent')
  await Promise.all([paying, followMoney(money.ctx, purchaseId)])
  await settled(purchaseId)
  expect(await transfersOf(purchaseId)).toHaveLength(1)
  expect(await ledger(purchaseId)).toMatchObject({ dispute_loss: 1800, stripe_fees: expect.any(Number) })
  const { data } = await stripe(money).disputes.list({ charge: await chargeOf(money, purchaseId) })
  await closeDispute(money, data[0]!.id, 'won')
  await settled(purchaseId)
  expect(await ledger(purchaseId)).not.toHaveProperty('dispute_loss')
  await fine()
})

test('a dispute that opens between two tries of a transfer delays it until the dispute ends', async () => {
  const { purchaseId, bookingIds } = await paid(money)
  await complete(money, bookingIds[0]!)
  await fault(money, { operation: 'transfers.create', kind: 'error_before', status: 503, times: 2 })
  expect(await runJobs(money)).toHaveLength(1)
  openDispute(money.presence.sandbox.ctx, await chargeOf(money, purchaseId), 'fraudulent')
  await followMoney(money.ctx, purchaseId)
  expect(await runJobs(money)).toEqual([])
  expect(await transfersOf(purchaseId)).toEqual([])
  await closeDispute(
    money,
    (await stripe(money).disputes.list({ charge: await chargeOf(money, purchaseId) })).data[0]!.id,
    'lost',
  )
  await settled(purchaseId)
  expect(await transfersOf(purchaseId)).toHaveLength(1)
  await fine()
})

test('with PAYOUT_DELAY_HOURS a share is pending until it is due and not a minute longer', async () => {
  const config = { ...money.ctx.config, payoutDelayHours: 24 }
  const later: Money = { ...money, ctx: { ...money.ctx, config } }
  const { purchaseId, bookingIds } = await paid(money)
  const before = await readEarnings(money.db, money.hostId, 24)
  await complete(later, bookingIds[0]!)
  await refund(purchaseId, 200) // asks for the payout at once, which is too early
  expect(await runJobs(later)).toEqual([])
  setClockOffset(23.9 * hourMs)
  await payHost(later.ctx, bookingIds[0]!)
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'scheduled', transferId: null })
  expect((await readEarnings(money.db, money.hostId, 24)).pendingCents - before.pendingCents).toBe(1072)
  setClockOffset(24.1 * hourMs)
  await payHost(later.ctx, bookingIds[0]!)
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'paid', amountCents: 1072 })
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
  expect(await refundsOf(purchaseId)).toMatchObject([
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
  const rows = await refundsOf(purchaseId)
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
  for (const row of await refundsOf(purchaseId)) await endRefund(money, row.refundId!, 'succeeded')
  await settled(purchaseId)
  expect(
    (await refundsOf(purchaseId)).map(({ amountCents, status }) => `${amountCents} ${status}`).sort(),
  ).toEqual(['1500 succeeded', '2000 succeeded'])
  expect(await openTasks(money)).toEqual([])
  await fine()
})

test('a refund returned by the bank and then covered by a lost dispute stays settled', async () => {
  const { purchaseId, bookingIds } = await paid(money, 'Adhoc', '4000000000007726')
  await complete(money, bookingIds[0]!)
  const { refundId } = await refund(purchaseId, 700)
  await sendRefund(money.ctx, refundId)
  await endRefund(money, (await refundsOf(purchaseId))[0]!.refundId!, 'failed')
  await settled(purchaseId)
  openDispute(money.presence.sandbox.ctx, await chargeOf(money, purchaseId), 'fraudulent')
  await settled(purchaseId)
  await closeDispute(
    money,
    (await stripe(money).disputes.list({ charge: await chargeOf(money, purchaseId) })).data[0]!.id,
    'lost',
  )
  await settled(purchaseId)
  expect(await refundsOf(purchaseId)).toMatchObject([
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
  expect(await refundsOf(purchaseId)).toMatchObject([{ amountCents: 500, status: 'succeeded' }])
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
  expect(await refundsOf(second.purchaseId)).toEqual([])
})

// The last test, because Stripe's lists are incomplete afterwards.
test('a transfer missing at Stripe stops the payouts of its purchase and raises one task', async () => {
  const { purchaseId, bookingIds } = await paid(money, 'Weekly')
  await complete(money, bookingIds[0]!)
  await runJobs(money)
  const { transferId } = await payout(bookingIds[0]!)
  const { store } = money.presence.sandbox.ctx
  store.delete('stripe.transfer', transferId!)
  for (const parent of [money.accountId, await chargeOf(money, purchaseId)])
    store.delete(`stripe.transfer.of.${parent}`, transferId!)
  setClockOffset(hourMs)
  for (let times = 0; times < 2; times++) await followMoney(money.ctx, purchaseId)
  expect((await openTasks(money)).filter((task) => task.purchaseId === purchaseId)).toMatchObject([
    { kind: 'money_difference', sentence: expect.stringContaining('does not have that transfer') },
  ])
  await complete(money, bookingIds[1]!)
  await runJobs(money)
  expect(await payout(bookingIds[1]!)).toMatchObject({ status: 'scheduled', transferId: null })
})
