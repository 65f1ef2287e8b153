// A crash at each failpoint around money, inside one process: uncommitted work is lost, the job runs again,
// and the money is whole. Real kills of a whole instance are in tests/faults.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { refundPurchase } from '../../server/journey/refunds/refund-purchase.ts'
import { followMoney } from '../../server/journey/money/follow-money.ts'
import { openDispute } from '../../sandbox/stripe/acts/disputes.ts'
import { violations } from '../people/evidence.ts'
import {
  chargeOf,
  closeDispute,
  complete,
  eventsOf,
  type Money,
  openMoney,
  paidAtStripe,
  receive,
  runJobs,
  stripe,
} from '../people/money-world.ts'

const crash = vi.hoisted(() => ({ at: '', count: 0 }))
vi.mock('../../server/lib/failpoint.ts', () => ({
  setFailpoint: () => undefined,
  failpoint(name: string) {
    if (name !== crash.at) return
    crash.at = ''
    crash.count += 1
    throw new Error(`crashed at ${name}`)
  },
}))

let money: Money

beforeAll(async () => {
  money = await openMoney()
})
afterAll(() => money?.stop())

/** A crashed job is started again, as the queue does when a worker is gone. */
async function persistently(act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error as Error).message.startsWith('crashed')) throw error
    await act()
  }
}

async function allJobs(): Promise<void> {
  await runJobs(money)
  expect(await runJobs(money)).toEqual([])
}

test.each([
  'after-commit:paid',
  'before-call:transfer',
  'after-call:transfer',
  'after-commit:transfer',
  'after-commit:refund',
  'before-call:refund',
  'after-call:refund',
  'after-commit:refunded',
  'before-call:reverse',
  'after-call:reverse',
  'after-commit:reverse',
  'before-call:follow',
  'after-commit:follow',
])('a crash at %s: one payment, one transfer, one refund, one reversal, one dispute', async (place) => {
  const { purchaseId, checkoutId } = await paidAtStripe(money, 'Weekly')
  Object.assign(crash, { at: place, count: 0 })
  const event = eventsOf(money).findLast(
    (one) => one.type === 'checkout.session.completed' && one.data.object.id === checkoutId,
  )!
  await persistently(() => receive(money, event))
  const [booking] = await money.db
    .selectFrom('bookings')
    .selectAll()
    .where('purchaseId', '=', purchaseId)
    .orderBy('position')
    .execute()
  await complete(money, booking!.id)
  await allJobs()
  // The request of an operator is not begun again by itself: its intent is committed, or it never was.
  await refundPurchase(money.ctx, {
    purchaseId,
    bookingId: booking!.id,
    amountCents: 667,
    reason: 'Goodwill',
    requestedBy: '+61491578888',
  }).catch((error: Error) => {
    if (!error.message.startsWith('crashed')) throw error
  })
  await allJobs()
  await persistently(() => followMoney(money.ctx, purchaseId))
  const charge = await chargeOf(money, purchaseId)
  openDispute(money.presence.sandbox.ctx, charge, 'fraudulent')
  await persistently(() => followMoney(money.ctx, purchaseId))
  await closeDispute(money, (await stripe(money).disputes.list({ charge })).data[0]!.id, 'lost')
  await persistently(() => followMoney(money.ctx, purchaseId))
  await allJobs()
  expect(crash.count, 'the place was passed').toBe(1)
  const transfers = (await stripe(money).transfers.list({ transfer_group: purchaseId })).data
  expect(transfers).toMatchObject([{ amount: 1000, amount_reversed: 500 }])
  expect((await stripe(money).refunds.list({ charge })).data.map(({ amount }) => amount)).toEqual([667])
  const states = await money.db
    .selectFrom('bookings')
    .select('state')
    .where('purchaseId', '=', purchaseId)
    .orderBy('position')
    .execute()
  expect(states.map(({ state }) => state)).toEqual(['completed', 'cancelled', 'cancelled'])
  expect(await violations(money.presence)).toEqual([])
})
