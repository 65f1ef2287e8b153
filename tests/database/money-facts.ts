// What the tests about money read and do again and again.
import { expect } from 'vitest'
import { refundPurchase } from '../../server/journey/refunds/refund-purchase.ts'
import { followMoney } from '../../server/journey/money/follow-money.ts'
import { violations } from '../people/evidence.ts'
import { type Money, runJobs, stripe } from '../people/money-world.ts'

export const payoutOf = (money: Money, bookingId: string) =>
  money.db.selectFrom('payouts').selectAll().where('bookingId', '=', bookingId).executeTakeFirstOrThrow()

/** What the host has of this booking after transfers and reversals. */
export async function hostCentsOf(money: Money, bookingId: string): Promise<number> {
  const { transferId, amountCents, reversedCents } = await payoutOf(money, bookingId)
  return transferId ? amountCents - reversedCents : 0
}

export const refundsOf = (money: Money, purchaseId: string) =>
  money.db
    .selectFrom('refunds')
    .selectAll()
    .where('purchaseId', '=', purchaseId)
    .orderBy('createdAt')
    .execute()

export async function transfersOf(money: Money, purchaseId: string) {
  return (await stripe(money).transfers.list({ transfer_group: purchaseId })).data
}

export const refundByOperator = (money: Money, purchaseId: string, amountCents: number, bookingId?: string) =>
  refundPurchase(money.ctx, {
    purchaseId,
    amountCents,
    reason: 'Goodwill',
    requestedBy: '+61491578888',
    bookingId,
  })

/** Runs jobs until nothing is left to do. */
export async function settle(money: Money, purchaseId: string): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await runJobs(money)
    await followMoney(money.ctx, purchaseId)
  }
  expect(await runJobs(money)).toEqual([])
}

/** No violation of what must always hold about money. */
export async function expectWhole(money: Money): Promise<void> {
  expect(await violations(money.presence)).toEqual([])
}

/** Removes the faults and closes the tasks that a test left behind. */
export async function tidyUp(money: Money): Promise<void> {
  await fetch(`${money.presence.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' })
  await money.db
    .updateTable('operatorTasks')
    .set({ resolvedAt: new Date(0) })
    .where('resolvedAt', 'is', null)
    .execute()
}
