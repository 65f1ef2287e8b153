// What Stripe refuses about one host, session or object stops nobody else, and makes one task however often
// it is tried.
import Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { openDispute } from '../../sandbox/stripe/acts/disputes.ts'
import { reconcile } from '../../server/jobs/reconcile.ts'
import { followMoney } from '../../server/journey/money/follow-money.ts'
import { readMovements } from '../../server/journey/money/read-movements.ts'
import { reconcileMoney } from '../../server/journey/money/reconcile-money.ts'
import { resolveTask } from '../../server/journey/operations/resolve-task.ts'
import { payHost } from '../../server/journey/payouts/pay-host.ts'
import { startOnboarding } from '../../server/journey/payouts/start-onboarding.ts'
import { minuteMs, setClockOffset } from '../../server/lib/time.ts'
import { onboardAccount } from '../../world/outside.ts'
import {
  chargeOf,
  complete,
  disputeOf,
  type Money,
  openMoney,
  openTasks,
  paid,
  runJobs,
  stripe,
} from '../people/money-world.ts'
import { hostCentsOf, payoutOf, refundByOperator, refundsOf, tidyUp } from './money-facts.ts'

let money: Money

beforeAll(async () => {
  money = await openMoney()
})
afterEach(async () => {
  vi.restoreAllMocks()
  setClockOffset(0)
  await tidyUp(money)
})
afterAll(() => money?.stop())

function refusal(code: string, statusCode = 400): Error {
  const error = new Stripe.errors.StripeInvalidRequestError({
    type: 'invalid_request_error',
    code,
    message: `Refused: ${code}`,
  })
  return Object.assign(error, { statusCode })
}

const tasksAbout = async (bookingId: string) =>
  money.db
    .selectFrom('operatorTasks')
    .select(['id', 'kind', 'resolvedAt', 'hostId'])
    .where('bookingId', '=', bookingId)
    .execute()

/** The schedules of some minutes, one after the other. */
async function passMinutes(from: number, to: number): Promise<void> {
  for (let minute = from; minute <= to; minute++) {
    setClockOffset(minute * minuteMs)
    await reconcile(money.ctx)
    expect(await runJobs(money)).toEqual([])
  }
}

test('a reversal that Stripe refuses makes one task in an hour, and ever fewer tries', async () => {
  const { purchaseId, bookingIds } = await paid(money)
  const bookingId = bookingIds[0]!
  await complete(money, bookingId)
  await runJobs(money)
  const { sdk } = money.ctx.stripe
  const reverse = vi.spyOn(sdk.transfers, 'createReversal').mockRejectedValue(refusal('balance_insufficient'))
  await refundByOperator(money, purchaseId, 900)
  await passMinutes(0, 59)
  expect(reverse.mock.calls.length).toBeLessThan(8)
  expect(await tasksAbout(bookingId)).toMatchObject([
    { kind: 'payout_failed', resolvedAt: null, hostId: money.hostId },
  ])
  const [task] = await tasksAbout(bookingId)
  await resolveTask(money.ctx, task!.id, { note: 'looked at it' })
  await runJobs(money)
  expect(await tasksAbout(bookingId), 'the same task again').toMatchObject([
    { id: task!.id, resolvedAt: null },
  ])
  reverse.mockRestore()
  await resolveTask(money.ctx, task!.id, { note: 'mended' })
  await runJobs(money)
  expect(await hostCentsOf(money, bookingId)).toBe(603)
  expect(await tasksAbout(bookingId)).toMatchObject([{ resolvedAt: expect.any(Date) }])
})

test('a transfer refused although the account is in order waits for an operator', async () => {
  const { bookingIds } = await paid(money)
  const bookingId = bookingIds[0]!
  await complete(money, bookingId)
  const { sdk } = money.ctx.stripe
  const create = vi
    .spyOn(sdk.transfers, 'create')
    .mockRejectedValue(refusal('insufficient_capabilities_for_transfer'))
  await passMinutes(0, 5)
  await reconcileMoney(money.ctx)
  await passMinutes(6, 8)
  expect(create).toHaveBeenCalledTimes(1)
  expect(await payoutOf(money, bookingId)).toMatchObject({ status: 'failed' })
  const tasks = await tasksAbout(bookingId)
  expect(tasks).toMatchObject([{ kind: 'payout_failed', resolvedAt: null }])
  const { canBePaid } = await money.db
    .selectFrom('hosts')
    .select('canBePaid')
    .where('id', '=', money.hostId)
    .executeTakeFirstOrThrow()
  expect(canBePaid, 'their other shares go on').toBe(true)
  create.mockRestore()
  await resolveTask(money.ctx, tasks[0]!.id, { note: 'mended' })
  await runJobs(money)
  expect(await payoutOf(money, bookingId)).toMatchObject({ status: 'paid' })
})

test('a balance that is too low is one task, however many shares wait for it', async () => {
  const { sdk } = money.ctx.stripe
  const create = vi.spyOn(sdk.transfers, 'create').mockRejectedValue(refusal('balance_insufficient'))
  const bought = await paid(money, 'Weekly')
  for (const bookingId of bought.bookingIds) {
    await complete(money, bookingId)
    await payHost(money.ctx, bookingId)
  }
  expect(await openTasks(money)).toMatchObject([{ kind: 'payout_failed' }])
  create.mockRestore()
  for (const bookingId of bought.bookingIds) await payHost(money.ctx, bookingId)
  expect(await openTasks(money)).toEqual([])
})

test('an account that Stripe no longer has stops no other host and makes one task', async () => {
  const dead = await onboarded('Kenji Watanabe')
  const alive = await onboarded('Priya Raman')
  const { sdk } = money.ctx.stripe
  const retrieve = sdk.accounts.retrieve.bind(sdk.accounts)
  vi.spyOn(sdk.accounts, 'retrieve').mockImplementation(((id: string) =>
    id === dead.accountId ? Promise.reject(refusal('account_invalid', 403)) : retrieve(id)) as never)
  for (let minute = 0; minute < 70; minute += 2) {
    setClockOffset(minute * minuteMs)
    await reconcileMoney(money.ctx)
  }
  const host = await money.db
    .selectFrom('hosts')
    .select(['onboardingStatus', 'canBePaid'])
    .where('id', '=', alive.hostId)
    .executeTakeFirstOrThrow()
  expect(host).toEqual({ onboardingStatus: 'complete', canBePaid: true })
  const tasks = money.db.selectFrom('operatorTasks').select(['kind', 'hostId'])
  expect(await tasks.where('hostId', '=', dead.hostId).execute()).toMatchObject([{ kind: 'payout_failed' }])
})

test('one object that cannot be followed stops none of its purchase, and is followed later', async () => {
  const { purchaseId } = await paid(money, 'Weekly')
  const charge = await chargeOf(money, purchaseId)
  await stripe(money).refunds.create({ charge, amount: 300 })
  openDispute(money.presence.sandbox.ctx, charge, 'fraudulent')
  const disputeId = await disputeOf(money, purchaseId)
  const { store } = money.presence.sandbox.ctx
  const dispute = store.get<object>('stripe.dispute', disputeId)!
  store.put('stripe.dispute', disputeId, { ...dispute, amount: 0 })
  vi.spyOn(console, 'warn').mockReturnValue()
  await followMoney(money.ctx, purchaseId)
  expect(await refundsOf(money, purchaseId)).toMatchObject([{ amountCents: 300, status: 'succeeded' }])
  const ofPurchase = async () => (await openTasks(money)).filter((task) => task.purchaseId === purchaseId)
  for (const minute of [2, 10, 30, 62, 64]) {
    setClockOffset(minute * minuteMs)
    await reconcileMoney(money.ctx)
    await runJobs(money)
  }
  expect((await ofPurchase()).map(({ sentence }) => sentence)).toEqual([expect.stringContaining(disputeId)])
  store.put('stripe.dispute', disputeId, dispute)
  setClockOffset(200 * minuteMs)
  await reconcileMoney(money.ctx)
  await runJobs(money)
  expect((await ofPurchase()).map(({ kind }) => kind)).toEqual(['dispute'])
})

test('one movement that cannot be read stops no other, and is read later', async () => {
  await readMovements(money.ctx)
  const made = await stripe(money).transfers.create({
    amount: 100,
    currency: 'aud',
    destination: money.accountId,
    source_transaction: await chargeOf(money, (await paid(money)).purchaseId),
  })
  const reversal = await stripe(money).transfers.createReversal(made.id)
  const other = await paid(money)
  const { sdk } = money.ctx.stripe
  const retrieve = vi.spyOn(sdk.transfers, 'retrieve').mockRejectedValue(refusal('parameter_invalid', 400))
  await readMovements(money.ctx)
  const read = (sourceId: string) =>
    money.db.selectFrom('stripeMovements').select('id').where('sourceId', '=', sourceId).execute()
  expect(await read(await chargeOf(money, other.purchaseId))).toHaveLength(1)
  expect(await read(reversal.id)).toEqual([])
  retrieve.mockRestore()
  setClockOffset(40 * minuteMs)
  await readMovements(money.ctx)
  expect(await read(reversal.id)).toHaveLength(1)
})

/** A host of this name with an account at Stripe that is ready, though Presence has not heard of it. */
async function onboarded(fullName: string): Promise<{ hostId: string; accountId: string }> {
  const hosts = money.db.selectFrom('hosts').where('fullName', '=', fullName)
  const { id } = await hosts.select('id').executeTakeFirstOrThrow()
  await startOnboarding(money.ctx, id)
  const { stripeAccountId } = await hosts.select('stripeAccountId').executeTakeFirstOrThrow()
  await onboardAccount(money.presence, stripeAccountId!)
  return { hostId: id, accountId: stripeAccountId! }
}
