// Payments granted once, disputes, late fees, and money at Stripe that Presence does not know.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { followMoney } from '../../server/journey/money/follow-money.ts'
import { reconcileMoney } from '../../server/journey/money/reconcile-money.ts'
import { resolveTask } from '../../server/journey/operations/resolve-task.ts'
import { openDispute } from '../../sandbox/stripe/acts/disputes.ts'
import { bookCharge } from '../../sandbox/stripe/acts/settle.ts'
import { ledgerOf } from '../people/evidence.ts'
import {
  chargeOf,
  closeDispute,
  complete,
  delayBalance,
  disputeOf,
  eventsOf,
  type Money,
  moveDisputeFunds,
  openMoney,
  openTasks,
  paid,
  paidAtStripe,
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

test('four events of one payment, in every order and each five times, grant its session once', async () => {
  const orders = permutations([0, 1, 2, 3])
  expect(orders).toHaveLength(24)
  const { purchaseId, checkoutId } = await paidAtStripe(money)
  const intent = (await stripe(money).checkout.sessions.retrieve(checkoutId)).payment_intent as string
  await stripe(money).refunds.create({ payment_intent: intent, amount: 300 })
  const events = eventsOf(money).filter(
    (event) =>
      JSON.stringify(event.data.object).includes(intent) &&
      ['checkout.session.completed', 'charge.refunded', 'refund.updated', 'charge.succeeded'].includes(
        event.type,
      ),
  )
  expect(events).toHaveLength(4)
  for (const order of orders)
    for (const index of order)
      for (let repeat = 0; repeat < 5; repeat++)
        if (repeat < 1 || order === orders[0]) await receive(money, events[index]!)
  await runJobs(money)
  const bookings = await money.db
    .selectFrom('bookings')
    .selectAll()
    .where('purchaseId', '=', purchaseId)
    .execute()
  expect(bookings).toHaveLength(1)
  expect(bookings[0]).toMatchObject({ state: 'pending', refundedCents: 300, hostRefundedCents: 201 })
  expect(await ledger(purchaseId)).toMatchObject({ member_prepaid: -1500 })
  await fine()
})

test('32 confirmations of one payment at once grant it once', async () => {
  const { purchaseId, checkoutId } = await paidAtStripe(money, 'Weekly')
  const event = eventsOf(money).find(
    (one) => one.type === 'checkout.session.completed' && one.data.object.id === checkoutId,
  )!
  await Promise.all(Array.from({ length: 32 }, () => receive(money, event)))
  expect(
    await money.db.selectFrom('bookings').select('id').where('purchaseId', '=', purchaseId).execute(),
  ).toHaveLength(3)
  await fine()
})

test('a payment without a webhook for a purchase given up here is found among the movements', async () => {
  const { purchaseId } = await paidAtStripe(money)
  await money.db.updateTable('purchases').set({ status: 'expired' }).where('id', '=', purchaseId).execute()
  await reconcileMoney(money.ctx)
  expect(
    await money.db.selectFrom('purchases').select('status').where('id', '=', purchaseId).executeTakeFirst(),
  ).toEqual({ status: 'paid' })
  await runJobs(money)
  await fine()
})

test('a refused try is followed by one with a new key, an unknown result keeps the key', async () => {
  const { bookingIds } = await paid(money)
  await complete(money, bookingIds[0]!)
  const store = money.presence.sandbox.ctx.store
  const account = store.get<{ capabilities: object }>('stripe.account', money.accountId)!
  store.put('stripe.account', money.accountId, { ...account, capabilities: { transfers: 'inactive' } })
  await runJobs(money)
  expect(await payout(bookingIds[0]!)).toMatchObject({
    status: 'waiting_for_onboarding',
    try: 2,
    transferId: null,
  })
  store.put('stripe.account', money.accountId, account)
  await reconcileMoney(money.ctx)
  await runJobs(money)
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'paid' })
  await fine()
})

test('a dispute pauses the payouts of its purchase until it is won', async () => {
  const { purchaseId, bookingIds } = await paid(money, 'Weekly')
  await dispute(purchaseId)
  expect(await ledger(purchaseId)).toMatchObject({ dispute_loss: 4000 })
  expect(await openTasks(money)).toMatchObject([{ kind: 'dispute', purchaseId }])
  await complete(money, bookingIds[0]!)
  await runJobs(money)
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'scheduled', transferId: null })
  await expect(refund(purchaseId, 100)).rejects.toMatchObject({ code: 'not_refundable' })
  await closeDispute(money, await disputeOf(money, purchaseId), 'won')
  await moveDisputeFunds(money, await disputeOf(money, purchaseId))
  await follow(purchaseId)
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'paid' })
  expect(await openTasks(money)).toEqual([])
  expect(await ledger(purchaseId)).not.toHaveProperty('dispute_loss')
  await fine()
})

test('a lost dispute ends unused sessions, writes the rest off and pays delivered sessions', async () => {
  const { purchaseId, bookingIds } = await paid(money, 'Weekly')
  await complete(money, bookingIds[0]!)
  await schedule(money, bookingIds[1]!)
  await dispute(purchaseId)
  await closeDispute(money, await disputeOf(money, purchaseId), 'lost')
  await follow(purchaseId)
  const states = await money.db
    .selectFrom('bookings')
    .select('state')
    .where('purchaseId', '=', purchaseId)
    .orderBy('position')
    .execute()
  expect(states.map(({ state }) => state)).toEqual(['completed', 'cancelled', 'cancelled'])
  expect(await ledger(purchaseId)).toMatchObject({ dispute_loss: 1334 })
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'paid', amountCents: 1000 })
  await fine()
})

test('a fee that comes late is posted then, and the host is paid only afterwards', async () => {
  await delayBalance(money, 600_000)
  const { purchaseId, bookingIds } = await paid(money)
  await delayBalance(money, 0)
  await complete(money, bookingIds[0]!)
  await runJobs(money).catch(() => undefined)
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'scheduled', transferId: null })
  expect(await ledger(purchaseId)).not.toHaveProperty('stripe_fees')
  bookCharge(money.presence.sandbox.ctx, await chargeOf(money, purchaseId), Math.floor(Date.now() / 1000))
  for (const event of eventsOf(money)
    .filter((one) => one.type === 'charge.updated')
    .slice(-1))
    await receive(money, event)
  await runJobs(money)
  expect(await ledger(purchaseId)).toMatchObject({ stripe_fees: 61 })
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'paid' })
  await fine()
})

test('a paid checkout of an unknown purchase grants nothing, is reported and looked at again', async () => {
  const { purchaseId, checkoutId } = await paidAtStripe(money)
  await money.db.updateTable('purchases').set({ checkoutId: null }).where('id', '=', purchaseId).execute()
  const store = money.presence.sandbox.ctx.store
  const session = store.get<object>('stripe.checkout.session', checkoutId)!
  store.put('stripe.checkout.session', checkoutId, {
    ...session,
    client_reference_id: '0198b5a0-0000-7000-8000-000000000000',
  })
  const event = eventsOf(money).find(
    (one) => one.type === 'checkout.session.completed' && one.data.object.id === checkoutId,
  )!
  expect(await receive(money, event)).toBe('unknown')
  expect((await openTasks(money)).map(({ kind }) => kind)).toEqual(['payment_mismatch'])
  store.put('stripe.checkout.session', checkoutId, session)
  expect(await receive(money, event)).toBe('done')
  await runJobs(money)
  await fine()
})

// The last test, because a foreign transfer stays in Stripe's list.
test('a transfer not made by Presence stops the payouts of its purchase and raises one task', async () => {
  const { purchaseId, bookingIds } = await paid(money, 'Weekly')
  const foreign = await stripe(money).transfers.create({
    amount: 100,
    currency: 'aud',
    destination: money.accountId,
    source_transaction: await chargeOf(money, purchaseId),
    transfer_group: purchaseId,
  })
  await reconcileMoney(money.ctx)
  await runJobs(money)
  await reconcileMoney(money.ctx)
  await runJobs(money)
  expect((await openTasks(money)).filter((one) => one.purchaseId === purchaseId)).toHaveLength(1)
  await complete(money, bookingIds[0]!)
  await runJobs(money)
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'scheduled', transferId: null })
  await stripe(money).transfers.createReversal(foreign.id)
  const [task] = await openTasks(money)
  await resolveTask(money.ctx, task!.id, { note: 'taken back in Stripe' })
  await runJobs(money)
  expect(await payout(bookingIds[0]!)).toMatchObject({ status: 'paid' })
})

async function dispute(purchaseId: string): Promise<void> {
  const chargeId = await chargeOf(money, purchaseId)
  openDispute(money.presence.sandbox.ctx, chargeId, 'product_not_received')
  const event = eventsOf(money).findLast((one) => one.type === 'charge.dispute.created')!
  await receive(money, event)
}

function permutations(items: number[]): number[][] {
  return items.length < 2
    ? [items]
    : items.flatMap((item) =>
        permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
      )
}
