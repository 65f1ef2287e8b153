// Differences between Stripe and the ledger: they stop payouts, and an operator is asked once.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { followMoney } from '../../server/journey/money/follow-money.ts'
import { reconcileMoney } from '../../server/journey/money/reconcile-money.ts'
import { resolveTask } from '../../server/journey/operations/resolve-task.ts'
import { newId } from '../../server/lib/ids.ts'
import { minuteMs, setClockOffset } from '../../server/lib/time.ts'
import { charges } from '../../sandbox/stripe/resources/charge.ts'
import {
  chargeOf,
  complete,
  type Money,
  openMoney,
  openTasks,
  paid,
  runJobs,
  stripe,
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

/** Moves both clocks, ours and Stripe's, this far from real time. */
async function goOn(offsetMs: number): Promise<void> {
  setClockOffset(offsetMs)
  await money.presence.moveClock({ offsetMs })
}

test.each(['was never taken', 'is not there'])(
  'a purchase paid here whose payment at Stripe %s stops its payouts and asks an operator once',
  async (what) => {
    const { purchaseId, bookingIds } = await paid(money)
    const { store } = money.presence.sandbox.ctx
    const chargeId = await chargeOf(money, purchaseId)
    const charge = store.get<object>('stripe.charge', chargeId)!
    if (what === 'is not there') store.delete('stripe.charge', chargeId)
    else store.put('stripe.charge', chargeId, { ...charge, paid: false, status: 'failed' })
    for (let times = 0; times < 2; times++) await followMoney(money.ctx, purchaseId)
    expect(await openTasks(money)).toMatchObject([
      { kind: 'money_difference', purchaseId, sentence: expect.stringContaining('took nothing') },
    ])
    await complete(money, bookingIds[0]!)
    expect(await runJobs(money)).toEqual([])
    expect(
      await money.db
        .selectFrom('payouts')
        .select(['status', 'transferId'])
        .where('purchaseId', '=', purchaseId)
        .executeTakeFirst(),
    ).toEqual({ status: 'scheduled', transferId: null })
    store.put('stripe.charge', chargeId, charge)
    await resolveTask(money.ctx, (await openTasks(money))[0]!.id, { note: 'a fault of Stripe' })
    await reconcileMoney(money.ctx)
    expect(await runJobs(money)).toEqual([])
    expect(
      await money.db
        .selectFrom('payouts')
        .select('status')
        .where('purchaseId', '=', purchaseId)
        .executeTakeFirst(),
    ).toEqual({ status: 'paid' })
    await fine()
  },
)

test('resolving one of two differences leaves the payouts stopped until the other is resolved', async () => {
  const { purchaseId, bookingIds } = await paid(money, 'Weekly')
  const charge = await chargeOf(money, purchaseId)
  for (const amount of [100, 200]) {
    const wish = { amount, currency: 'aud', destination: money.accountId, source_transaction: charge }
    await stripe(money).transfers.create({ ...wish, transfer_group: purchaseId })
  }
  await followMoney(money.ctx, purchaseId)
  const [first, second] = (await openTasks(money)).filter((task) => task.purchaseId === purchaseId)
  await complete(money, bookingIds[0]!)
  const statuses = async () => {
    expect(await runJobs(money)).toEqual([])
    const payouts = money.db.selectFrom('payouts').select('status').where('purchaseId', '=', purchaseId)
    return (await payouts.execute()).map(({ status }) => status)
  }
  await resolveTask(money.ctx, first!.id, { note: 'for another purchase' })
  expect(await statuses()).toEqual(['scheduled'])
  await resolveTask(money.ctx, second!.id, { note: 'likewise' })
  expect(await statuses()).toEqual(['paid'])
  // Taken back, so that Stripe's balance is the ledger's again.
  for (const { id, metadata } of (await stripe(money).transfers.list({ transfer_group: purchaseId })).data)
    if (!metadata['booking_id']) await stripe(money).transfers.createReversal(id)
})

test('a movement at Stripe for a purchase that we do not have is reported to an operator once', async () => {
  const { purchaseId } = await paid(money)
  const made = await stripe(money).transfers.create({
    amount: 150,
    currency: 'aud',
    destination: money.accountId,
    source_transaction: await chargeOf(money, purchaseId),
    transfer_group: newId(),
  })
  for (let times = 0; times < 2; times++) await reconcileMoney(money.ctx)
  expect(await runJobs(money)).toEqual([])
  const entry = await stripe(money).balanceTransactions.list({ source: made.id })
  expect(
    await money.db
      .selectFrom('operatorTasks')
      .select(['kind', 'sentence'])
      .where('key', '=', `unknown_movement:${entry.data[0]!.id}`)
      .execute(),
  ).toEqual([
    { kind: 'money_difference', sentence: expect.stringContaining('Stripe moved -1.50 dollars (transfer)') },
  ])
})

test('a lasting difference to Stripe is reported to an operator once and stops the payouts', async () => {
  const { purchaseId, bookingIds } = await paid(money)
  const { store } = money.presence.sandbox.ctx
  const { balance_transaction: entryId } = charges.load(
    money.presence.sandbox.ctx,
    await chargeOf(money, purchaseId),
  )
  store.put('stripe.balance_transaction', entryId!, {
    ...store.get<{ net: number }>('stripe.balance_transaction', entryId!)!,
    net: 1700,
  })
  await reconcileMoney(money.ctx)
  expect(await runJobs(money)).toEqual([])
  const ofPurchase = async () => (await openTasks(money)).filter((task) => task.purchaseId === purchaseId)
  expect(await ofPurchase(), 'it may still be on its way').toEqual([])
  await goOn(20 * minuteMs)
  for (let times = 0; times < 3; times++) {
    await reconcileMoney(money.ctx)
    expect(await runJobs(money)).toEqual([])
  }
  expect(await ofPurchase()).toMatchObject([
    {
      kind: 'money_difference',
      sentence: expect.stringMatching(/ledger has \$17\.39 at Stripe, and Stripe has \$17\.00\./),
    },
  ])
  await complete(money, bookingIds[0]!)
  expect(await runJobs(money)).toEqual([])
  expect(
    await money.db
      .selectFrom('payouts')
      .select(['status', 'transferId'])
      .where('purchaseId', '=', purchaseId)
      .executeTakeFirst(),
  ).toEqual({ status: 'scheduled', transferId: null })
})
