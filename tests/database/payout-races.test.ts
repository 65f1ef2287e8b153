// Payouts that meet disputes, refusals of Stripe and lost answers: the money is whole afterwards.
import Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { followMoney } from '../../server/journey/money/follow-money.ts'
import { resolveTask } from '../../server/journey/operations/resolve-task.ts'
import { payHost } from '../../server/journey/payouts/pay-host.ts'
import { readEarnings } from '../../server/journey/payouts/read-earnings.ts'
import { hourMs, setClockOffset } from '../../server/lib/time.ts'
import { openDispute } from '../../sandbox/stripe/acts/disputes.ts'
import { ledgerOf } from '../people/evidence.ts'
import {
  chargeOf,
  closeDispute,
  complete,
  fault,
  type Money,
  moveDisputeFunds,
  openMoney,
  openTasks,
  paid,
  receive,
  runJobs,
  stripe,
} from '../people/money-world.ts'
import {
  expectWhole,
  hostCentsOf,
  payoutOf,
  refundByOperator,
  refundsOf,
  settle,
  tidyUp,
  transfersOf,
} from './money-facts.ts'

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
const payout = (bookingId: string) => payoutOf(money, bookingId)
const heldCents = (bookingId: string) => hostCentsOf(money, bookingId)
const refund = (purchaseId: string, amountCents: number) => refundByOperator(money, purchaseId, amountCents)
const ledger = (purchaseId: string) => ledgerOf(money.presence.databaseUrl, purchaseId)
const settled = (purchaseId: string) => settle(money, purchaseId)

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
  expect(await transfersOf(money, purchaseId)).toHaveLength(1)
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
  expect((await transfersOf(money, purchaseId)).map(({ amount }) => amount)).toEqual([1206])
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
  expect(await transfersOf(money, purchaseId)).toMatchObject([
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
  expect(await transfersOf(money, purchaseId)).toHaveLength(1)
  expect(await heldCents(bookingIds[0]!)).toBe(1206)

  const { refundId } = await refund(purchaseId, 600)
  await stripe(money).refunds.create(
    { charge: source, amount: 600, metadata: { refund_id: refundId, refund_try: '1' } },
    { idempotencyKey: `refund:${refundId}:1` },
  )
  await settled(purchaseId)
  expect((await stripe(money).refunds.list({ charge: source })).data).toHaveLength(1)
  expect(await refundsOf(money, purchaseId)).toMatchObject([{ status: 'succeeded', try: 1 }])
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
  expect(await transfersOf(money, purchaseId)).toHaveLength(1)
  expect(await ledger(purchaseId)).toMatchObject({ dispute_loss: 1800, stripe_fees: expect.any(Number) })
  const { data } = await stripe(money).disputes.list({ charge: await chargeOf(money, purchaseId) })
  await closeDispute(money, data[0]!.id, 'won')
  await moveDisputeFunds(money, data[0]!.id)
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
  expect(await transfersOf(money, purchaseId)).toEqual([])
  await closeDispute(
    money,
    (await stripe(money).disputes.list({ charge: await chargeOf(money, purchaseId) })).data[0]!.id,
    'lost',
  )
  await settled(purchaseId)
  expect(await transfersOf(money, purchaseId)).toHaveLength(1)
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
