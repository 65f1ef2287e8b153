// Whose ids these are: other keys are noticed, nothing moves before an operator adopts them, and money history
// stays. Hosts whom Stripe cannot pay from here are paid otherwise.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { inTransaction } from '../../server/db/client.ts'
import { isOtherAccount } from '../../server/db/service-accounts.ts'
import { notJustNow } from '../../server/integrations/our-fault.ts'
import { openContext, type Context } from '../../server/journey/context.ts'
import { adoptAccounts } from '../../server/journey/connections/adopt-accounts.ts'
import { recordAccounts } from '../../server/journey/connections/record-accounts.ts'
import { payHost } from '../../server/journey/payouts/pay-host.ts'
import { readHostDashboard } from '../../server/journey/payouts/read-host-dashboard.ts'
import { recordOtherPayment } from '../../server/journey/payouts/record-other-payment.ts'
import { startOnboarding } from '../../server/journey/payouts/start-onboarding.ts'
import { startCheckout } from '../../server/journey/purchases/start-checkout.ts'
import { injectFault } from '../faults/sandbox.ts'
import { ledgerOf } from '../people/evidence.ts'
import { complete, type Money, openMoney, paid, runJobs, stripe } from '../people/money-world.ts'
import { newMember } from '../people/verbs.ts'
import { expectWhole, payoutOf } from './money-facts.ts'

let money: Money
beforeAll(async () => {
  money = await openMoney()
})
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})
afterAll(() => money?.stop())

const setup = () =>
  money.db
    .selectFrom('operatorTasks')
    .select(['key', 'sentence'])
    .where('kind', '=', 'setup')
    .where('resolvedAt', 'is', null)
    .orderBy('key')
    .execute()

test('a host in a country that Stripe cannot pay from here is told at once, and an operator has a task', async () => {
  await recordAccounts(money.ctx)
  const host = await money.db
    .selectFrom('hosts')
    .select('id')
    .where('fullName', '=', 'Leila Haddad')
    .executeTakeFirstOrThrow()
  expect((await readHostDashboard(money.db, host.id)).onboarding.unpayableCountry).toBe('United Kingdom')
  expect((await readHostDashboard(money.db, money.hostId)).onboarding.unpayableCountry).toBeNull()
  await expect(startOnboarding(money.ctx, host.id)).rejects.toThrow('cannot send money to United Kingdom')
  expect(await setup()).toEqual([
    { key: `unpayable_host:${host.id}`, sentence: expect.stringContaining('Paid otherwise') },
  ])
})

test("an account is asked for in the host's country, with payments and transfers", async () => {
  const { data } = await stripe(money).accounts.list()
  expect(data[0]).toMatchObject({
    country: 'AU',
    controller: { stripe_dashboard: { type: 'express' }, losses: { payments: 'application' } },
    capabilities: { card_payments: 'active', transfers: 'active' },
  })
})

test("Stripe's own sentence reaches the operators when it refuses an account", async () => {
  const { id } = await money.db
    .selectFrom('hosts')
    .select('id')
    .where('fullName', '=', 'Amelia Hart')
    .executeTakeFirstOrThrow()
  const sentence = 'Accounts in your industry need a review first.'
  await injectFault(money.presence, {
    provider: 'stripe',
    operation: 'accounts.create',
    kind: 'error_before',
    times: 1,
    status: 400,
    code: 'account_review',
    sentence,
  })
  await expect(startOnboarding(money.ctx, id)).rejects.toThrow('try again')
  expect((await setup()).find(({ key }) => key === `account_refused:${id}`)?.sentence).toContain(sentence)
})

test('without a platform profile nobody is blamed, and one task names the page to fill in', async () => {
  const { store } = money.presence.sandbox.ctx
  store.put('stripe.platform', 'platform', { hasProfile: false })
  const hosts = await money.db
    .selectFrom('hosts')
    .select('id')
    .where('fullName', 'in', ['Kenji Watanabe', 'Priya Raman'])
    .execute()
  for (const { id } of hosts) await expect(startOnboarding(money.ctx, id)).rejects.toThrow(notJustNow)
  store.delete('stripe.platform', 'platform')
  await expect
    .poll(async () => (await setup()).filter(({ key }) => key === 'refused:stripe:platform_profile'))
    .toEqual([expect.objectContaining({ sentence: expect.stringContaining('Platform profile') })])
})

test('a share that was paid otherwise is settled once, in the ledger, and never transferred', async () => {
  await money.db.updateTable('hosts').set({ canBePaid: false }).where('id', '=', money.hostId).execute()
  const { purchaseId, bookingIds } = await paid(money)
  const [bookingId] = bookingIds as [string]
  await complete(money, bookingId)
  await runJobs(money)
  const payment = { reference: 'Bank 4711', paidOn: '2027-03-01', operatorId: money.memberId }
  await recordOtherPayment(money.ctx, bookingId, payment)
  await expect(recordOtherPayment(money.ctx, bookingId, payment)).rejects.toThrow('paid already')
  await money.db.updateTable('hosts').set({ canBePaid: true }).where('id', '=', money.hostId).execute()
  await payHost(money.ctx, bookingId)
  expect(await ledgerOf(money.presence.databaseUrl, purchaseId)).toMatchObject({ other_bank: -1206 })
  expect(await payoutOf(money, bookingId)).toMatchObject({ status: 'paid_otherwise', transferId: null })
  await expectWhole(money)
})

/** The same database with the keys of somebody else's sandbox account. */
function exchanged(mode: 'test' | 'live' = 'test'): Context {
  const secretKey = `sk_${mode}_another`
  money.presence.sandbox.ctx.keys['STRIPE_SECRET_KEY'] = secretKey
  return openContext({ ...money.ctx.config, stripe: { ...money.ctx.config.stripe, secretKey } }, money.db)
}
test('keys of another account are noticed, and nothing is sold or paid before they are adopted', async () => {
  const before = await money.db.selectFrom('postings').select('id').execute()
  const secretKey = money.presence.keys['STRIPE_SECRET_KEY']!
  const ctx = exchanged()
  expect(await recordAccounts(ctx)).toEqual([expect.objectContaining({ provider: 'stripe' })])
  expect(await isOtherAccount(money.db, 'stripe')).toBe(true)
  const member = await newMember(money.db)
  const wanted = { memberId: member.id, hostId: money.hostId, plan: 'Adhoc' as const }
  await expect(startCheckout(ctx, wanted)).rejects.toThrow(notJustNow)
  expect((await setup()).map(({ key }) => key)).toContain('other_account:stripe')
  expect(await adoptAccounts(ctx)).toEqual(['stripe'])
  expect(await recordAccounts(ctx)).toEqual([])
  const host = await money.db
    .selectFrom('hosts')
    .select(['stripeAccountId', 'canBePaid', 'onboardingStatus'])
    .where('id', '=', money.hostId)
    .executeTakeFirstOrThrow()
  expect(host).toEqual({ stripeAccountId: null, canBePaid: false, onboardingStatus: 'not_started' })
  expect(await money.db.selectFrom('postings').select('id').execute()).toEqual(before)
  await startCheckout(ctx, wanted)
  money.presence.sandbox.ctx.keys['STRIPE_SECRET_KEY'] = secretKey
})

test('test and live are never mixed: keys of the other mode are not adopted over money', async () => {
  const secretKey = money.presence.keys['STRIPE_SECRET_KEY']!
  const ctx = exchanged('live')
  await recordAccounts(ctx)
  await expect(adoptAccounts(ctx)).rejects.toThrow('never mixed')
  money.presence.sandbox.ctx.keys['STRIPE_SECRET_KEY'] = secretKey
})

test('an adopted base gets every record anew', async () => {
  await inTransaction(money.db, async (tx) => {
    await tx.deleteFrom('recordChanges').execute()
    await tx
      .updateTable('serviceAccounts')
      .set({ account: 'appFORMER' })
      .where('provider', '=', 'airtable')
      .execute()
  })
  await adoptAccounts(money.ctx)
  const tables = await money.db.selectFrom('recordChanges').select('tableName').distinct().execute()
  expect(tables.map(({ tableName }) => tableName).sort()).toEqual(['Members', 'Presence Operations'])
})
