// Whatever can happen to the money of one purchase, for the property test.
import fc from 'fast-check'
import { inTransaction } from '../../server/db/client.ts'
import { changeBooking, lockBooking } from '../../server/journey/bookings/change-booking.ts'
import { expireBooking } from '../../server/journey/bookings/expire-booking.ts'
import { followMoney } from '../../server/journey/money/follow-money.ts'
import { confirmPurchase } from '../../server/journey/purchases/confirm-purchase.ts'
import { refundBooking } from '../../server/journey/refunds/refund-booking.ts'
import { refundPurchase } from '../../server/journey/refunds/refund-purchase.ts'
import { openDispute } from '../../sandbox/stripe/acts/disputes.ts'
import {
  chargeOf,
  closeDispute,
  decideAgain,
  eventsOf,
  fault,
  markHeld,
  type Money,
  moveDisputeFunds,
  receive,
  runJobs,
  schedule,
  stripe,
} from '../people/money-world.ts'

export type Act =
  | { act: 'confirm' | 'jobs' | 'look' | 'dispute' | 'webhook' }
  | {
      act: 'schedule' | 'complete' | 'cancel' | 'forfeit' | 'miss' | 'host_cancel' | 'refund' | 'expire'
      which: number
    }
  | { act: 'refund_some' | 'refund_at_stripe'; cents: number }
  | { act: 'bank_decides'; outcome: 'won' | 'lost'; isAgain: boolean }
  | { act: 'bank_moves'; cents: number | undefined }
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
      isAgain: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('bank_moves' as const),
      cents: fc.constantFrom(undefined, 500, 1800, -500, -1800),
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
export const story = fc.record({
  plan: fc.constantFrom('Adhoc' as const, 'Weekly' as const),
  card: fc.constantFrom('4242424242424242', '4000000000007726'),
  acts: fc.array(act, { minLength: 4, maxLength: 16 }),
})

export const bookingsOf = (money: Money, purchaseId: string) =>
  money.db
    .selectFrom('bookings')
    .selectAll()
    .where('purchaseId', '=', purchaseId)
    .orderBy('position')
    .execute()

/** One act, whatever it comes to: it may be refused, or Stripe may fail. */
export async function perform(
  money: Money,
  purchaseId: string,
  checkoutId: string,
  step: Act,
): Promise<void> {
  const bookings = await bookingsOf(money, purchaseId)
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
      return void (await confirmPurchase(money.ctx, checkoutId))
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
      const decide = step.isAgain ? decideAgain : closeDispute
      return open ? decide(money, open.id, step.outcome).catch(() => undefined) : undefined
    }
    case 'bank_moves': {
      const disputed =
        bookings.length > 0
          ? (await stripe(money).disputes.list({ charge: await chargeOf(money, purchaseId) })).data[0]
          : undefined
      return disputed ? moveDisputeFunds(money, disputed.id, step.cents) : undefined
    }
    case 'fault':
      return fault(money, { operation: step.operation, kind: step.kind, delayMs: 20, times: 2 })
  }
}
