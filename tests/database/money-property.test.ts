import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../server/jobs/reconcile.ts'
import { followMoney } from '../../server/journey/money/follow-money.ts'
import { reconcileMoney } from '../../server/journey/money/reconcile-money.ts'
import { Refusal } from '../../server/lib/errors.ts'
import { ledgerOf, violations } from '../people/evidence.ts'
import { endRefund, type Money, openMoney, paidAtStripe, runJobs } from '../people/money-world.ts'
import { type Act, bookingsOf, perform, story } from './money-acts.ts'

let money: Money

beforeAll(async () => {
  money = await openMoney()
})
afterAll(() => money?.stop())

/** A refusal is an answer; a failing provider is retried. */
async function attempt(purchaseId: string, checkoutId: string, step: Act): Promise<void> {
  try {
    await perform(money, purchaseId, checkoutId, step)
  } catch (error) {
    if (!(error instanceof Refusal) && !(error as Error).message.startsWith('stripe:')) throw error
  }
}

async function settle(purchaseId: string, checkoutId: string): Promise<void> {
  await fetch(`${money.presence.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' })
  await attempt(purchaseId, checkoutId, { act: 'confirm' })
  for (let round = 0; round < 3; round++) {
    await runJobs(money)
    await followMoney(money.ctx, purchaseId)
    for (const { refundId } of await money.db
      .selectFrom('refunds')
      .select('refundId')
      .distinct()
      .where('purchaseId', '=', purchaseId)
      .where('status', '=', 'pending')
      .execute()) {
      if (refundId) await endRefund(money, refundId, 'succeeded')
    }
    await reconcileMoney(money.ctx)
  }
  await reconcile(money.ctx)
  expect(await runJobs(money), 'jobs that fail without a fault').toEqual([])
}

async function check(purchaseId: string): Promise<void> {
  expect(await violations(money.presence)).toEqual([])
  const { amountCents } = await money.db
    .selectFrom('purchases')
    .select('amountCents')
    .where('id', '=', purchaseId)
    .executeTakeFirstOrThrow()
  const bookings = await bookingsOf(money, purchaseId)
  expect(
    bookings.reduce((sum, one) => sum + one.amountCents, 0),
    'the parts sum to the whole',
  ).toBe(amountCents)
  expect(bookings, 'no session is lost or granted twice').toHaveLength(amountCents === 4000 ? 3 : 1)
  const earned = await money.db
    .selectFrom('postings')
    .select(['kind', 'bookingId'])
    .where('purchaseId', '=', purchaseId)
    .where('kind', 'in', ['completed', 'expired'])
    .execute()
  const isEarned = ({ state }: { state: string }) => state === 'completed' || state === 'expired'
  expect(
    earned.map(({ kind, bookingId }) => `${kind} ${bookingId}`).sort(),
    'a session is earned once, where it ended so',
  ).toEqual(
    bookings
      .filter(isEarned)
      .map(({ state, id }) => `${state} ${id}`)
      .sort(),
  )
  const disputes = await money.db
    .selectFrom('disputes')
    .select('status')
    .where('purchaseId', '=', purchaseId)
    .execute()
  const refunds = await money.db
    .selectFrom('refunds')
    .select(['id', 'amountCents'])
    .where('purchaseId', '=', purchaseId)
    .execute()
  for (const refund of refunds) {
    const parts = await money.db
      .selectFrom('refundParts')
      .select('amountCents')
      .where('refundId', '=', refund.id)
      .execute()
    expect(
      parts.reduce((sum, part) => sum + part.amountCents, 0),
      'the parts of a refund sum to it',
    ).toBe(refund.amountCents)
  }
  const refunded = bookings.reduce((sum, one) => sum + one.refundedCents, 0)
  expect(refunded, 'what is given back is what was refunded').toBe(
    refunds.reduce((sum, one) => sum + one.amountCents, 0),
  )
  for (const booking of bookings) {
    expect(booking.hostCents, 'the host share is exactly 67 % or 75 % of its part').toBe(
      bookings.length === 1 ? 1206 : 1000,
    )
    const left = booking.amountCents - booking.refundedCents
    const share = Math.round((left * booking.hostCents) / booking.amountCents)
    expect(booking.hostCents - booking.hostRefundedCents, 'the share of the rest').toBe(share)
    expect(booking.state === 'cancelled' ? left : 0, 'a cancelled session is given back whole').toBe(0)
    const payout = await money.db
      .selectFrom('payouts')
      .selectAll()
      .where('bookingId', '=', booking.id)
      .executeTakeFirst()
    const isOpen = disputes.some(({ status }) => status === 'open')
    if (booking.state === 'completed' && !isOpen)
      expect(
        payout?.transferId ? payout.amountCents - payout.reversedCents : 0,
        'the host holds what is owed',
      ).toBe(share)
    if (booking.state !== 'completed') expect(payout).toBeUndefined()
  }
  const ledger = await ledgerOf(money.presence.databaseUrl, purchaseId)
  if (!disputes.some(({ status }) => status === 'open'))
    expect(ledger['host_payable'] ?? 0, 'nothing is left to pay').toBe(0)
  const stopped = await money.db
    .selectFrom('operatorTasks')
    .select('sentence')
    .where('purchaseId', '=', purchaseId)
    .where('kind', '=', 'money_difference')
    .where('resolvedAt', 'is', null)
    .execute()
  expect(stopped, 'no difference was found').toEqual([])
}

test('the money of a purchase is whole, whatever happens in any order and whatever is lost', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ plan, card, acts }) => {
      const { purchaseId, checkoutId } = await paidAtStripe(money, plan, card)
      await attempt(purchaseId, checkoutId, { act: 'confirm' })
      for (const step of acts) await attempt(purchaseId, checkoutId, step)
      await settle(purchaseId, checkoutId)
      await check(purchaseId)
    }),
    { numRuns: Number(process.env['MONEY_RUNS'] ?? 10), endOnFailure: true },
  )
}, 600_000)
