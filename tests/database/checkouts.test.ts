// Starting to pay: again, at once, with a deleted customer. A purchase is paid once, and honestly.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readReceipt } from '../../server/journey/purchases/read-receipt.ts'
import { startCheckout } from '../../server/journey/purchases/start-checkout.ts'
import { payCheckout } from '../../world/outside.ts'
import {
  type Money,
  openMoney,
  paid,
  payByBankDebit,
  runJobs,
  startedAtStripe,
  stripe,
} from '../people/money-world.ts'
import { newMember } from '../people/verbs.ts'
import { refundByOperator } from './money-facts.ts'

let money: Money

beforeAll(async () => {
  money = await openMoney()
})
beforeEach(async () => {
  money = { ...money, memberId: (await newMember(money.db)).id }
})
afterAll(() => money?.stop())

const atStripe = async (id: string) => (await stripe(money).checkout.sessions.retrieve(id)).status
const statuses = async () => {
  const rows = await money.db
    .selectFrom('purchases')
    .select('status')
    .where('memberId', '=', money.memberId)
    .orderBy('createdAt')
    .execute()
  return rows.map(({ status }) => status)
}

test('a checkout that is started again ends the older one, here and at Stripe', async () => {
  const first = await startedAtStripe(money)
  const other = await startedAtStripe(money, 'Weekly')
  const second = await startedAtStripe(money)
  expect(await atStripe(first.checkoutId)).toBe('expired')
  expect(await atStripe(second.checkoutId)).toBe('open')
  expect(await atStripe(other.checkoutId), 'another plan is another wish').toBe('open')
  expect(await statuses()).toEqual(['expired', 'open', 'open'])
  await expect(payCheckout(money.presence, first.checkoutId)).rejects.toThrow()
})

test('an older checkout that was paid at this moment counts, and no second one opens', async () => {
  const { checkoutId } = await startedAtStripe(money)
  await payCheckout(money.presence, checkoutId)
  await expect(startedAtStripe(money)).rejects.toMatchObject({ code: 'conflict' })
  expect(await statuses()).toEqual(['paid', 'expired'])
})

test('while an older payment is under way at the bank no second checkout opens', async () => {
  const { checkoutId } = await startedAtStripe(money)
  await payByBankDebit(money, checkoutId, 'succeeds')
  await expect(startedAtStripe(money)).rejects.toMatchObject({ code: 'conflict' })
  expect(await statuses()).toEqual(['open', 'expired'])
})

test('of checkouts for the same that are started at once, one can be paid', async () => {
  const wish = { memberId: money.memberId, hostId: money.hostId, plan: 'Adhoc' as const }
  const started = await Promise.allSettled([1, 2, 3, 4].map(() => startCheckout(money.ctx, wish)))
  expect(started.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
  const rows = await money.db
    .selectFrom('purchases')
    .select('id')
    .where('memberId', '=', money.memberId)
    .execute()
  const ids = new Set(rows.map(({ id }) => id))
  const open = await stripe(money).checkout.sessions.list({ status: 'open', limit: 100 })
  expect(open.data.filter(({ client_reference_id: id }) => ids.has(id ?? ''))).toHaveLength(1)
  expect((await statuses()).filter((status) => status === 'open')).toHaveLength(1)
})

test('a member whose customer was deleted at Stripe pays with a new one, which is kept', async () => {
  await startedAtStripe(money)
  const customer = async () =>
    (
      await money.db
        .selectFrom('members')
        .select('stripeCustomerId')
        .where('id', '=', money.memberId)
        .executeTakeFirstOrThrow()
    ).stripeCustomerId!
  const before = await customer()
  money.presence.sandbox.ctx.store.delete('stripe.customer', before)
  await paid(money)
  expect(await customer()).not.toBe(before)
  expect((await stripe(money).customers.retrieve(await customer())).id).toBe(await customer())
  expect(await statuses()).toEqual(['expired', 'paid'])
})

test('the receipt of a partial refund shows the GST in it, and is no tax invoice without GST', async () => {
  const { purchaseId } = await paid(money)
  await refundByOperator(money, purchaseId, 660)
  await runJobs(money)
  const receipt = (isGstIncluded: boolean) => {
    const seller = { name: 'Presence', abn: '51824753556', isGstIncluded }
    return readReceipt(money.db, seller, { id: money.memberId, fullName: 'Sam Rivers' }, purchaseId)
  }
  expect(await receipt(true)).toMatchObject({
    isTaxInvoice: true,
    gstCents: 164,
    refundedCents: 660,
    refundedGstCents: 60,
  })
  expect(await receipt(false)).toMatchObject({ isTaxInvoice: false, gstCents: 0, refundedGstCents: 0 })
})
