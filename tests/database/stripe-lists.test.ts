// Lists at Stripe are read to their last page, and its movements in slices from the mark of the first start.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { record } from '../../sandbox/stripe/resources/balance-transaction.ts'
import { listRefunds } from '../../server/integrations/stripe-refunds.ts'
import { listTransfers } from '../../server/integrations/stripe-transfers.ts'
import { readMovements } from '../../server/journey/money/read-movements.ts'
import { reconcileMoney } from '../../server/journey/money/reconcile-money.ts'
import { addDays, addHours, now } from '../../server/lib/time.ts'
import { payCheckout } from '../../world/outside.ts'
import { chargeOf, type Money, openMoney, openTasks, paid, runJobs, stripe } from '../people/money-world.ts'

let money: Money

beforeAll(async () => {
  money = await openMoney()
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => money?.stop())

const readTo = async () =>
  (await money.db.selectFrom('movementsRead').select('readTo').executeTakeFirstOrThrow()).readTo
const movements = () => money.db.selectFrom('stripeMovements').select(['id', 'purchaseId']).execute()

// The first test, because it is about the first start.
test('the first start on an account with years of movements reads only from its own beginning', async () => {
  const { ctx } = money.presence.sandbox
  for (let day = 1; day <= 400; day++) {
    const old = record(ctx, {
      type: 'charge',
      category: 'charge',
      amount: 999,
      source: 'ch_old',
      description: null,
    })
    ctx.store.put('stripe.balance_transaction', old.id, {
      ...old,
      created: old.created - day * 86_400,
    })
  }
  const list = vi.spyOn(money.ctx.stripe.sdk.balanceTransactions, 'list')
  await reconcileMoney(money.ctx)
  expect(await movements()).toEqual([])
  expect(list).toHaveBeenCalledTimes(1)
})

test('a payment of another product on the account is ignored, whatever becomes of it', async () => {
  const session = await stripe(money).checkout.sessions.create({
    mode: 'payment',
    ui_mode: 'embedded_page',
    customer_email: 'someone@example.com',
    line_items: [
      { quantity: 1, price_data: { currency: 'aud', unit_amount: 500, product_data: { name: 'A mug' } } },
    ],
    return_url: 'https://example.com/',
  })
  await payCheckout(money.presence, session.id)
  const { payment_intent: intent } = await stripe(money).checkout.sessions.retrieve(session.id)
  await stripe(money).refunds.create({ payment_intent: intent as string, amount: 100 })
  await reconcileMoney(money.ctx)
  expect(await runJobs(money)).toEqual([])
  expect(await openTasks(money)).toEqual([])
  expect((await movements()).map(({ purchaseId }) => purchaseId)).toEqual([null, null])
})

test('a long absence is read in slices, each kept, and the job ends when the queue takes it back', async () => {
  await money.db
    .updateTable('movementsRead')
    .set({ beganAt: addDays(now(), -20), readTo: addDays(now(), -10) })
    .execute()
  const before = await readTo()
  const aborting = new AbortController()
  const { sdk } = money.ctx.stripe
  const listed = sdk.balanceTransactions.list.bind(sdk.balanceTransactions)
  let calls = 0
  vi.spyOn(sdk.balanceTransactions, 'list').mockImplementation((params) => {
    if (++calls === 3) aborting.abort()
    return listed(params)
  })
  await readMovements(money.ctx, aborting.signal)
  expect(calls).toBe(3)
  const reached = await readTo()
  expect(reached > before && reached < addHours(before, 19)).toBe(true)
  await readMovements(money.ctx)
  expect((await readTo()) > addHours(now(), -1)).toBe(true)
})

test('money of a purchase from before the mark is read too, as after a clock that was moved back', async () => {
  await money.db
    .updateTable('movementsRead')
    .set({ beganAt: addDays(now(), 2), readTo: now() })
    .execute()
  const { purchaseId } = await paid(money, 'Adhoc')
  await readMovements(money.ctx)
  expect((await movements()).map((movement) => movement.purchaseId)).toContain(purchaseId)
  await money.db
    .updateTable('movementsRead')
    .set({ beganAt: addDays(now(), -1), readTo: now() })
    .execute()
})

test('a year without movements takes few of the calls that payments need too', async () => {
  await money.db
    .updateTable('movementsRead')
    .set({ beganAt: addDays(now(), -365), readTo: addDays(now(), -364) })
    .execute()
  const { sdk } = money.ctx.stripe
  const list = vi.spyOn(sdk.balanceTransactions, 'list')
  list.mockClear()
  await readMovements(money.ctx)
  expect(list.mock.calls.length).toBeLessThan(20)
})

test('refunds, transfers and reversals beyond the first page are seen', async () => {
  const { purchaseId } = await paid(money, 'Weekly')
  const charge = await chargeOf(money, purchaseId)
  const times = Array.from({ length: 103 })
  for (const _ of times) await stripe(money).refunds.create({ charge, amount: 1 })
  expect(await listRefunds(money.ctx.stripe, charge)).toHaveLength(103)
  const wish = { amount: 1, currency: 'aud', destination: money.accountId, source_transaction: charge }
  for (const _ of times) await stripe(money).transfers.create({ ...wish, transfer_group: purchaseId })
  const large = await stripe(money).transfers.create({ ...wish, amount: 200, transfer_group: purchaseId })
  for (const _ of times) await stripe(money).transfers.createReversal(large.id, { amount: 1 })
  const transfers = await listTransfers(money.ctx.stripe, purchaseId)
  expect(transfers).toHaveLength(104)
  expect(transfers.find(({ id }) => id === large.id)!.reversals).toHaveLength(103)
})
