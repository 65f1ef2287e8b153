// What a dispute does to the ledger follows the movements at Stripe, each once, whenever they come.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { followMoney } from '../../server/journey/money/follow-money.ts'
import { reconcileMoney } from '../../server/journey/money/reconcile-money.ts'
import { openDispute } from '../../sandbox/stripe/acts/disputes.ts'
import { ledgerOf } from '../people/evidence.ts'
import {
  chargeOf,
  closeDispute,
  complete,
  decideAgain,
  disputeOf,
  eventsOf,
  type Money,
  moveDisputeFunds,
  openMoney,
  openTasks,
  paid,
  type Paid,
  receive,
  runJobs,
} from '../people/money-world.ts'
import { expectWhole, payoutOf, refundsOf, tidyUp } from './money-facts.ts'

let money: Money

beforeAll(async () => {
  money = await openMoney()
})
beforeEach(() => tidyUp(money))
afterAll(() => money?.stop())

const loss = async (purchaseId: string) =>
  (await ledgerOf(money.presence.databaseUrl, purchaseId))['dispute_loss'] ?? 0

/** A paid purchase that the member's bank disputes. */
async function disputed(plan: 'Adhoc' | 'Weekly' = 'Weekly'): Promise<Paid & { disputeId: string }> {
  const bought = await paid(money, plan)
  openDispute(money.presence.sandbox.ctx, await chargeOf(money, bought.purchaseId), 'fraudulent')
  await follow(bought.purchaseId)
  return { ...bought, disputeId: await disputeOf(money, bought.purchaseId) }
}

/** Follows the purchase twice, as every event may come twice, and compares everything with Stripe. */
async function follow(purchaseId: string): Promise<void> {
  for (let times = 0; times < 2; times++) await followMoney(money.ctx, purchaseId)
  expect(await runJobs(money)).toEqual([])
  await expectWhole(money)
}

test('a dispute won first and reinstated later, in parts, ends without a loss', async () => {
  const { purchaseId, bookingIds, disputeId } = await disputed()
  await complete(money, bookingIds[0]!)
  await closeDispute(money, disputeId, 'won')
  await follow(purchaseId)
  expect(await loss(purchaseId), 'the money is still away').toBe(4000)
  expect(await payoutOf(money, bookingIds[0]!), 'the host does not wait for it').toMatchObject({
    status: 'paid',
  })
  await moveDisputeFunds(money, disputeId, 1500)
  await follow(purchaseId)
  expect(await loss(purchaseId)).toBe(2500)
  await moveDisputeFunds(money, disputeId, 1500)
  await follow(purchaseId)
  await moveDisputeFunds(money, disputeId)
  await follow(purchaseId)
  expect(await loss(purchaseId)).toBe(0)
})

test('money of a won dispute that is withdrawn again is posted, and once more when it returns', async () => {
  const { purchaseId, disputeId } = await disputed()
  await closeDispute(money, disputeId, 'won')
  for (const cents of [4000, -4000, 3999]) {
    await moveDisputeFunds(money, disputeId, cents)
    await follow(purchaseId)
  }
  expect(await loss(purchaseId)).toBe(1)
  const kinds = await money.db
    .selectFrom('postings')
    .select('kind')
    .where('purchaseId', '=', purchaseId)
    .where('kind', 'in', ['dispute_withdrawn', 'dispute_reinstated'])
    .orderBy('postedAt')
    .execute()
  expect(kinds.map(({ kind }) => kind)).toEqual([
    'dispute_withdrawn',
    'dispute_reinstated',
    'dispute_withdrawn',
    'dispute_reinstated',
  ])
})

test('the event of reinstated money, and the list of movements without any event, both lead to it', async () => {
  const first = await disputed('Adhoc')
  await closeDispute(money, first.disputeId, 'won')
  await follow(first.purchaseId)
  await moveDisputeFunds(money, first.disputeId)
  const event = eventsOf(money).findLast(({ type }) => type === 'charge.dispute.funds_reinstated')!
  await receive(money, event)
  await expectWhole(money)
  const second = await disputed('Adhoc')
  await closeDispute(money, second.disputeId, 'won')
  await follow(second.purchaseId)
  await moveDisputeFunds(money, second.disputeId)
  await reconcileMoney(money.ctx)
  expect(await runJobs(money)).toEqual([])
  expect(await loss(second.purchaseId)).toBe(0)
  await expectWhole(money)
})

test('a dispute lost after it was won ends what is still unused, to the cent of what is away', async () => {
  const { purchaseId, bookingIds, disputeId } = await disputed()
  await complete(money, bookingIds[0]!)
  await closeDispute(money, disputeId, 'won')
  await moveDisputeFunds(money, disputeId)
  await follow(purchaseId)
  await moveDisputeFunds(money, disputeId, -4000)
  await decideAgain(money, disputeId, 'lost')
  await follow(purchaseId)
  expect(await statesOf(purchaseId)).toEqual(['completed', 'cancelled', 'cancelled'])
  expect(await loss(purchaseId)).toBe(1334)
})

test('a lost dispute whose money comes back after all owes the member the sessions that it ended', async () => {
  const { purchaseId, disputeId } = await disputed()
  await closeDispute(money, disputeId, 'lost')
  await follow(purchaseId)
  expect(await statesOf(purchaseId)).toEqual(['cancelled', 'cancelled', 'cancelled'])
  expect(await loss(purchaseId)).toBe(0)
  await moveDisputeFunds(money, disputeId)
  await follow(purchaseId)
  expect(await loss(purchaseId)).toBe(0)
  expect(await refundsOf(money, purchaseId)).toMatchObject([{ status: 'failed', amountCents: 4000 }])
  expect(await openTasks(money)).toMatchObject([{ kind: 'refund_failed', purchaseId }])
  await moveDisputeFunds(money, disputeId, -4000)
  await follow(purchaseId)
  expect(await refundsOf(money, purchaseId)).toMatchObject([{ status: 'succeeded', amountCents: 4000 }])
  expect(await openTasks(money)).toEqual([])
  expect(await loss(purchaseId)).toBe(0)
})

async function statesOf(purchaseId: string): Promise<string[]> {
  const rows = await money.db
    .selectFrom('bookings')
    .select('state')
    .where('purchaseId', '=', purchaseId)
    .orderBy('position')
    .execute()
  return rows.map(({ state }) => state)
}
