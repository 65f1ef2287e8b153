import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction } from '../../server/db/client.ts'
import { changeBooking, lockBooking } from '../../server/journey/bookings/change-booking.ts'
import { expireBooking } from '../../server/journey/bookings/expire-booking.ts'
import { refundBooking } from '../../server/journey/refunds/refund-booking.ts'
import { refundPurchase } from '../../server/journey/refunds/refund-purchase.ts'
import { followMoney } from '../../server/journey/money/follow-money.ts'
import { reconcileMoney } from '../../server/journey/money/reconcile-money.ts'
import { reconcile } from '../../server/jobs/reconcile.ts'
import { Refusal } from '../../server/lib/errors.ts'
import { openDispute } from '../../sandbox/stripe/acts/disputes.ts'
import { violations, ledgerOf } from '../people/evidence.ts'
import {
  chargeOf,
  closeDispute,
  endRefund,
  eventsOf,
  fault,
  markHeld,
  type Money,
  openMoney,
  paidAtStripe,
  receive,
  runJobs,
  schedule,
  stripe,
} from '../people/money-world.ts'

let money: Money

beforeAll(async () => {
  money = await openMoney()
})
afterAll(() => money?.stop())

type Act =
  | { act: 'confirm' | 'jobs' | 'look' | 'dispute' | 'webhook' }
  | {
      act: 'schedule' | 'complete' | 'cancel' | 'forfeit' | 'miss' | 'host_cancel' | 'refund' | 'expire'
      which: number
    }
  | { act: 'refund_some' | 'refund_at_stripe'; cents: number }
  | { act: 'bank_decides'; outcome: 'won' | 'lost' }
  | { act: 'fault'; operation: string; kind: string }

const which = fc.nat({ max: 2 })
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constantFrom('jobs', 'confirm', 'look', 'webhook') }) },
  {
    weight: 9,
    arbitrary: fc.record({
      act: fc.constantFrom(
        'schedule',
        'complete',
        'complete',
        'cancel',
        'forfeit',
        'miss',
        'host_cancel',
        'refund',
        'expire',
      ),
      which,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom('refund_some', 'refund_at_stripe'),
      cents: fc.integer({ min: 1, max: 2200 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ act: 'dispute' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('bank_decides' as const),
      outcome: fc.constantFrom('won', 'lost'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('fault' as const),
      operation: fc.constantFrom(
        'transfers.create',
        'refunds.create',
        'transfers.create_reversal',
        'charges.retrieve',
        'refunds.list',
      ),
      kind: fc.constantFrom('error_before', 'error_after', 'timeout_after', 'rate_limit'),
    }),
  },
)
const story = fc.record({
  plan: fc.constantFrom('Adhoc' as const, 'Weekly' as const),
  card: fc.constantFrom('4242424242424242', '4000000000007726'),
  acts: fc.array(act, { minLength: 4, maxLength: 16 }),
})

const bookingsOf = (purchaseId: string) =>
  money.db
    .selectFrom('bookings')
    .selectAll()
    .where('purchaseId', '=', purchaseId)
    .orderBy('position')
    .execute()

async function perform(purchaseId: string, checkoutId: string, step: Act): Promise<void> {
  const bookings = await bookingsOf(purchaseId)
  const booking = 'which' in step ? bookings[step.which % Math.max(1, bookings.length)] : undefined
  const change = async (
    event: 'cancelled_in_time' | 'cancelled_late' | 'member_absent' | 'host_cancelled',
  ) => {
    if (booking?.state === 'created')
      await inTransaction(
        money.db,
        async (tx) => void (await changeBooking(tx, (await lockBooking(tx, booking.id))!, event)),
      )
  }
  switch (step.act) {
    case 'confirm':
      return void (await (
        await import('../../server/journey/purchases/confirm-purchase.ts')
      ).confirmPurchase(money.ctx, checkoutId))
    case 'jobs':
      return void (await runJobs(money))
    case 'look':
      return followMoney(money.ctx, purchaseId)
    case 'schedule':
      return booking?.state === 'pending' ? schedule(money, booking.id) : undefined
    case 'complete':
      if (booking?.state === 'pending') await schedule(money, booking.id)
      return booking?.state === 'pending' || booking?.state === 'created'
        ? markHeld(money, booking.id)
        : undefined
    case 'cancel':
      return change('cancelled_in_time')
    case 'forfeit':
      return change('cancelled_late')
    case 'miss':
      return change('member_absent')
    case 'host_cancel':
      return change('host_cancelled')
    case 'webhook':
      // Repeats everything Stripe has sent about this payment so far, newest first.
      for (const event of eventsOf(money)
        .filter((one) => JSON.stringify(one).includes(purchaseId))
        .reverse())
        await receive(money, event)
      return
    case 'refund':
      return booking
        ? refundBooking(money.ctx, { memberId: money.memberId, bookingId: booking.id, reason: 'Asked for' })
        : undefined
    case 'expire':
      if (booking?.state !== 'pending') return
      await money.db
        .updateTable('bookings')
        .set({ validUntil: new Date(0) })
        .where('id', '=', booking.id)
        .execute()
      return expireBooking(money.ctx, booking.id)
    case 'refund_some':
      return void (await refundPurchase(money.ctx, {
        purchaseId,
        amountCents: step.cents,
        reason: 'Goodwill',
        requestedBy: '+61491578888',
      }))
    case 'refund_at_stripe':
      if (bookings.length > 0)
        await stripe(money)
          .refunds.create({ charge: await chargeOf(money, purchaseId), amount: step.cents })
          .catch(() => undefined)
      return followMoney(money.ctx, purchaseId)
    case 'dispute':
      if (bookings.length > 0)
        openDispute(money.presence.sandbox.ctx, await chargeOf(money, purchaseId), 'fraudulent')
      return
    case 'bank_decides': {
      const open =
        bookings.length > 0
          ? (await stripe(money).disputes.list({ charge: await chargeOf(money, purchaseId) })).data[0]
          : undefined
      return open ? closeDispute(money, open.id, step.outcome).catch(() => undefined) : undefined
    }
    case 'fault':
      return fault(money, { operation: step.operation, kind: step.kind, delayMs: 20, times: 2 })
  }
}

/** A refusal is an answer; a failing provider is retried. */
async function attempt(purchaseId: string, checkoutId: string, step: Act): Promise<void> {
  try {
    await perform(purchaseId, checkoutId, step)
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
  const bookings = await bookingsOf(purchaseId)
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
  if (disputes.every(({ status }) => status === 'won')) {
    const refunded = bookings.reduce((sum, one) => sum + one.refundedCents, 0)
    expect(refunded, 'what is given back is what was refunded').toBe(
      refunds.reduce((sum, one) => sum + one.amountCents, 0),
    )
  }
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
    .selectFrom('purchases')
    .select('payoutsStopped')
    .where('id', '=', purchaseId)
    .executeTakeFirstOrThrow()
  expect(stopped.payoutsStopped, 'no difference was found').toBeNull()
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
