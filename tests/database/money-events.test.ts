// Stripe's messages that come late, never, wrong, or about nothing of ours.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { inTransaction } from '../../server/db/client.ts'
import { enqueue } from '../../server/db/jobs.ts'
import { reconcile } from '../../server/jobs/reconcile.ts'
import { reconcileMoney } from '../../server/journey/money/reconcile-money.ts'
import { startOnboarding } from '../../server/journey/payouts/start-onboarding.ts'
import { newId } from '../../server/lib/ids.ts'
import { dayMs, minuteMs, now, setClockOffset } from '../../server/lib/time.ts'
import { byItself } from '../../sandbox/stripe/wire/cause.ts'
import { charges } from '../../sandbox/stripe/resources/charge.ts'
import { checkoutSessions } from '../../sandbox/stripe/resources/checkout-session.ts'
import { paymentIntents } from '../../sandbox/stripe/resources/payment-intent.ts'
import { refundCharge } from '../../sandbox/stripe/acts/refund-charge.ts'
import { onboardAccount, payCheckout } from '../../world/outside.ts'
import {
  eventsOf,
  fault,
  type Money,
  openMoney,
  openTasks,
  paidAtStripe,
  payByBankDebit,
  receive,
  runJobs,
  startedAtStripe,
} from '../people/money-world.ts'
import { expectWhole, tidyUp } from './money-facts.ts'

let money: Money

beforeAll(async () => {
  money = await openMoney()
})
afterEach(async () => {
  await goOn(0)
  await tidyUp(money)
})
afterAll(() => money?.stop())

const fine = () => expectWhole(money)
const purchase = (id: string) =>
  money.db.selectFrom('purchases').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const bookings = (purchaseId: string) =>
  money.db.selectFrom('bookings').selectAll().where('purchaseId', '=', purchaseId).execute()
const eventOf = (type: string, objectId: string) =>
  eventsOf(money).findLast((one) => one.type === type && one.data.object.id === objectId)!

/** Moves both clocks, ours and Stripe's, this far from real time. */
async function goOn(offsetMs: number): Promise<void> {
  setClockOffset(offsetMs)
  await money.presence.moveClock({ offsetMs })
}

/** Stores and enqueues, as http/webhooks.ts does after checking the signature. */
async function arrives(type: string, payload: unknown): Promise<string> {
  const webhookEventId = newId()
  await inTransaction(money.db, async (tx) => {
    await tx
      .insertInto('webhookEvents')
      .values({
        id: webhookEventId,
        provider: 'stripe',
        eventId: webhookEventId,
        type,
        payload: JSON.stringify(payload),
        receivedAt: now(),
      })
      .execute()
    await enqueue(tx, 'handle-webhook', { webhookEventId })
  })
  expect(await runJobs(money)).toEqual([])
  return webhookEventId
}

test('a payment whose webhook comes three days late is granted once, for its whole validity', async () => {
  const { purchaseId, checkoutId } = await paidAtStripe(money)
  await goOn(3 * dayMs)
  const event = eventOf('checkout.session.completed', checkoutId)
  for (let times = 0; times < 2; times++) await arrives(event.type, event)
  const [booking, ...more] = await bookings(purchaseId)
  expect(more).toEqual([])
  expect(booking!.validUntil.getTime() - now().getTime()).toBeGreaterThan(29.9 * dayMs)
  await fine()
})

test('a payment without any webhook is found by reconciling within minutes', async () => {
  const { purchaseId } = await paidAtStripe(money)
  await goOn(3 * minuteMs)
  await reconcile(money.ctx)
  expect(await runJobs(money)).toEqual([])
  expect(await purchase(purchaseId)).toMatchObject({ status: 'paid' })
  await fine()
})

test('a checkout that nobody pays expires, grants nothing, and cannot be paid any more', async () => {
  const { purchaseId, checkoutId } = await startedAtStripe(money)
  await goOn(50 * minuteMs)
  await reconcile(money.ctx)
  expect(await runJobs(money)).toEqual([])
  expect(await purchase(purchaseId)).toMatchObject({ status: 'expired' })
  await expect(payCheckout(money.presence, checkoutId)).rejects.toThrow()
  expect(await bookings(purchaseId)).toEqual([])
})

test('no checkout begins while Stripe is away, and a sentence says that nothing was charged', async () => {
  await fault(money, { operation: 'checkout.sessions.create', kind: 'outage', times: 2 })
  await expect(startedAtStripe(money)).rejects.toMatchObject({
    code: 'payment_unavailable',
    message: expect.stringContaining('Nothing was charged'),
  })
})

test('a checkout whose answer was lost is found again instead of creating a second one', async () => {
  await fault(money, { operation: 'checkout.sessions.create', kind: 'timeout_after', delayMs: 20 })
  const { purchaseId, checkoutId } = await startedAtStripe(money)
  const made = money.presence.sandbox.ctx.store
    .list<{ id: string; client_reference_id: string }>('stripe.checkout.session')
    .filter((one) => one.client_reference_id === purchaseId)
  expect(made.map(({ id }) => id)).toEqual([checkoutId])
})

test.each([
  ['checkout.session.completed', { id: 'cs_test_nobody' }],
  ['charge.refunded', { id: 'ch_nobody', payment_intent: 'pi_nobody' }],
  ['charge.updated', { id: 'ch_nobody', payment_intent: null }],
  ['refund.failed', { id: 're_nobody', charge: 'ch_nobody' }],
  ['charge.dispute.created', { id: 'du_nobody', charge: 'ch_nobody', payment_intent: null }],
  ['transfer.reversed', { id: 'tr_nobody' }],
  ['account.updated', { id: 'acct_nobody' }],
])(
  'a %s about something that is not ours is retried ever more rarely, and dropped after three days',
  async (type, object) => {
    const id = await arrives(type, { data: { object } })
    const event = () =>
      money.db.selectFrom('webhookEvents').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(await event()).toMatchObject({ handledAt: null, parkedTimes: 1 })
    await goOn(2 * minuteMs)
    await reconcile(money.ctx)
    expect(await runJobs(money)).toEqual([])
    const second = await event()
    expect(second).toMatchObject({ handledAt: null, parkedTimes: 2 })
    expect(second.parkedUntil!.getTime() - now().getTime()).toBeGreaterThan(minuteMs)
    await goOn(3 * dayMs + minuteMs)
    await reconcile(money.ctx)
    expect(await runJobs(money)).toEqual([])
    expect((await event()).handledAt).not.toBeNull()
  },
)

test('an event that overtakes its payment waits, and the payment brings what happened since', async () => {
  const { purchaseId, checkoutId } = await paidAtStripe(money)
  const { ctx } = money.presence.sandbox
  const chargeId = paymentIntents.load(
    ctx,
    checkoutSessions.load(ctx, checkoutId).payment_intent!,
  ).latest_charge!
  refundCharge(byItself(ctx), charges.load(ctx, chargeId), { amountCents: 400, reason: null, metadata: {} })
  const early = await arrives('charge.refunded', eventOf('charge.refunded', chargeId))
  expect(
    await money.db
      .selectFrom('webhookEvents')
      .select('parkedTimes')
      .where('id', '=', early)
      .executeTakeFirst(),
  ).toEqual({ parkedTimes: 1 })
  const event = eventOf('checkout.session.completed', checkoutId)
  await arrives(event.type, event)
  expect(await bookings(purchaseId)).toMatchObject([{ state: 'pending', refundedCents: 400 }])
  await fine()
})

test.each([
  ['amount', { amount_total: 100 }],
  ['currency', { currency: 'usd' }],
])(
  'a payment of another %s than we asked for grants nothing, and an operator is asked once',
  async (_what, other) => {
    const { purchaseId, checkoutId } = await paidAtStripe(money)
    const { store } = money.presence.sandbox.ctx
    const session = store.get<object>('stripe.checkout.session', checkoutId)!
    store.put('stripe.checkout.session', checkoutId, { ...session, ...other })
    const event = eventOf('checkout.session.completed', checkoutId)
    for (let times = 0; times < 3; times++) expect(await receive(money, event)).toBe('done')
    expect(await bookings(purchaseId)).toEqual([])
    expect(await purchase(purchaseId)).toMatchObject({ status: 'open', paidAt: null })
    expect(await openTasks(money)).toMatchObject([{ kind: 'payment_mismatch', purchaseId }])
    store.put('stripe.checkout.session', checkoutId, session)
    expect(await receive(money, event)).toBe('done')
    await fine()
  },
)

test.each([
  ['fails', 'failed', 0],
  ['succeeds', 'paid', 1],
] as const)(
  'a bank debit that %s ends its purchase as %s, and nothing is granted before',
  async (outcome, status, granted) => {
    const { purchaseId, checkoutId } = await startedAtStripe(money)
    await payByBankDebit(money, checkoutId, outcome)
    expect(await receive(money, eventOf('checkout.session.completed', checkoutId))).toBe('done')
    expect(await purchase(purchaseId)).toMatchObject({ status: 'open' })
    await goOn(minuteMs)
    const type =
      outcome === 'fails'
        ? 'checkout.session.async_payment_failed'
        : 'checkout.session.async_payment_succeeded'
    for (let times = 0; times < 2; times++)
      expect(await receive(money, eventOf(type, checkoutId))).toBe('done')
    expect(await purchase(purchaseId)).toMatchObject({ status })
    expect(await bookings(purchaseId)).toHaveLength(granted)
    await fine()
  },
)

test('a host who finished onboarding can be paid even where every word of it was lost', async () => {
  const { id } = await money.db
    .selectFrom('hosts')
    .select('id')
    .where('fullName', '=', 'Kenji Watanabe')
    .executeTakeFirstOrThrow()
  await startOnboarding(money.ctx, id)
  const host = () =>
    money.db
      .selectFrom('hosts')
      .select(['stripeAccountId', 'onboardingStatus', 'canBePaid'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  await reconcileMoney(money.ctx)
  expect(await host()).toMatchObject({ onboardingStatus: 'started', canBePaid: false })
  await onboardAccount(money.presence, (await host()).stripeAccountId!)
  await reconcileMoney(money.ctx)
  expect(await host()).toMatchObject({ onboardingStatus: 'complete', canBePaid: true })
})

// The last two tests, because Stripe's list differs from ours afterwards.
