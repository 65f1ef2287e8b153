import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Refund } from '../../server/journey/refunds/refund-view.ts'
import type { PurchaseFile } from '../../server/journey/operations/purchase-file-view.ts'
import type { Earnings } from '../../server/journey/payouts/earnings-view.ts'
import type { StripePage } from '../../server/journey/payouts/onboarding-view.ts'
import type { Person } from '../../world/person.ts'
import { waitFor } from '../../world/person.ts'
import { stripeOf } from '../../world/outside.ts'
import {
  alwaysFreeHost,
  becomes,
  bookingStartingIn,
  type Host,
  type Member,
  onboardedHost,
  paidPurchase,
  signedInMember,
  signedInOperator,
} from '../people/actors.ts'
import { airtableRow, violations, query, untilIdle } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

let presence: Presence
let ruby: Host
let operator: Person

beforeAll(async () => {
  presence = await startPresence({ env: { SELLER_NAME: 'Presence Pty Ltd', SELLER_ABN: '51 824 753 556' } })
  ruby = await alwaysFreeHost(presence)
  operator = await signedInOperator(presence)
  await onboardedHost(ruby)
})

afterAll(() => presence?.stop())

/** Cancels late: the session is forfeited at once, and the host is paid. */
async function forfeited(member: Member): Promise<{ id: string; purchaseId: string }> {
  const booking = await bookingStartingIn(60, member, ruby)
  await member.ask('POST', `/api/bookings/${booking.id}/cancel`)
  await untilIdle(presence)
  return booking
}

test('a partial refund of a delivered session reverses the share of the host and is audited', async () => {
  const member = await signedInMember(presence)
  const booking = await forfeited(member)
  await expect(
    operator.ask('POST', `/api/ops/purchases/${booking.purchaseId}/refund`, {
      amountCents: 1801,
      reason: 'too much',
    }),
  ).rejects.toMatchObject({ status: 409, code: 'not_refundable' })
  await expect(
    member.ask('POST', `/api/ops/purchases/${booking.purchaseId}/refund`, {
      amountCents: 1,
      reason: 'for me',
    }),
  ).rejects.toMatchObject({ status: 403 })
  const { refundId } = await operator.ask<Refund>('POST', `/api/ops/purchases/${booking.purchaseId}/refund`, {
    amountCents: 900,
    reason: 'The sound was poor',
  })
  await untilIdle(presence)
  expect(await airtableRow(presence, 'Refunds', refundId)).toMatchObject({
    'Refund Amount (AUD)': 9,
    'Refund Reason': 'The sound was poor',
    'Refund Status': 'Succeeded',
    'Plan Type': 'Adhoc',
  })
  const file = await operator.ask<PurchaseFile>('GET', `/api/ops/purchases/${booking.purchaseId}`)
  expect(file).toMatchObject({
    leftCents: 900,
    refunds: [{ amountCents: 900, requestedBy: presence.operatorMobileNumber, source: 'operator' }],
  })
  expect(file.messages.length).toBeGreaterThan(0)
  expect(file.postings.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['paid', 'fee', 'completed', 'transferred', 'returned', 'refunded', 'reversed']),
  )
  const earnings = await ruby.ask<Earnings>('GET', '/api/host/earnings')
  expect(earnings.sessions.find((one) => one.bookingId === booking.id)).toMatchObject({
    payableCents: 603,
    reversedCents: 603,
  })
  expect(await violations(presence)).toEqual([])
})

test('a full refund of a scheduled session removes it from every calendar', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(300, member, ruby)
  await operator.ask('POST', `/api/ops/purchases/${booking.purchaseId}/refund`, {
    amountCents: 1800,
    reason: 'The host is ill',
  })
  await becomes(member, booking.id, 'cancelled', (one) => one.state === 'cancelled')
  await untilIdle(presence)
  expect(await airtableRow(presence, 'Presence Operations', booking.id)).toMatchObject({
    'Booking Status': 'Cancelled',
    'Payment Status': 'Refunded',
  })
  const other = await signedInMember(presence, 'Noor Aziz')
  const { bookingIds } = await paidPurchase(other, ruby)
  await other.schedule(bookingIds[0]!, ruby, booking.start)
  expect(await violations(presence)).toEqual([])
})

test('a host can download their earnings and open their dashboard at Stripe', async () => {
  const member = await signedInMember(presence, '=SUM(A1)')
  const booking = await forfeited(member)
  const answer = await ruby.fetch('/api/host/earnings.csv')
  expect(answer.headers.get('content-type')).toContain('text/csv')
  const line = (await answer.text()).split('\r\n').find((one) => one.startsWith(booking.id))!
  expect(line).toContain(",'=SUM(A1),Adhoc,12.06,0.00,12.06,paid,")
  const { url } = await ruby.ask<StripePage>('POST', '/api/host/dashboard-link')
  expect((await fetch(url)).ok).toBe(true)
  await expect(member.ask('GET', '/api/host/earnings')).rejects.toMatchObject({ status: 403 })
})

test('a receipt is a tax invoice with name and ABN of the seller, for its member alone', async () => {
  const member = await signedInMember(presence)
  const { purchaseId } = await paidPurchase(member, ruby, 'Weekly')
  const receipt = await member.ask('GET', `/api/purchases/${purchaseId}/receipt`)
  expect(receipt).toMatchObject({
    isTaxInvoice: true,
    seller: { name: 'Presence Pty Ltd', abn: '51824753556' },
    amountCents: 4000,
    gstCents: 364,
    refundedCents: 0,
  })
  const other = await signedInMember(presence, 'Noor Aziz')
  await expect(other.ask('GET', `/api/purchases/${purchaseId}/receipt`)).rejects.toMatchObject({
    status: 404,
  })
})

test('the start registers every event that is acted on at Stripe', async () => {
  await waitFor('the completed list of events', async () => {
    const { data } = await stripeOf(presence).webhookEndpoints.list()
    return (
      data.some((endpoint) => endpoint.enabled_events.includes('charge.updated')) &&
      data.some((one) => one.enabled_events.includes('account.updated'))
    )
  })
  expect(
    await query(presence.databaseUrl, "select sentence from operator_tasks where kind = 'setup'"),
  ).toEqual([])
})

test('npm run ledger balances, agrees with Stripe, and names every difference', async () => {
  await untilIdle(presence)
  const run = (...words: string[]) =>
    promisify(execFile)(process.execPath, ['scripts/ledger.ts', ...words], {
      env: {
        ...process.env,
        DATABASE_URL: presence.databaseUrl,
        STRIPE_SECRET_KEY: presence.keys['STRIPE_SECRET_KEY'],
        STRIPE_API_URL: presence.sandboxUrl,
      },
    })
  const { stdout } = await run()
  expect(stdout).toContain('agrees with Stripe to the cent')
  expect(stdout).toMatch(/sum +balanced +([\d.]+) +\1/)
  const member = await signedInMember(presence)
  const { purchaseId, bookingIds } = await paidPurchase(member, ruby)
  const postings = (await run('--booking', bookingIds[0]!)).stdout
  expect(postings).toMatch(/paid +stripe_balance +18\.00\n +member_prepaid +18\.00\n/)
  for (const words of [
    ['--account', 'pocket'],
    ['--booking', 'nonsense'],
  ]) {
    expect(await run(...words).catch((error: { code: number; stderr: string }) => error)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^(There is no account|"nonsense" is not the id).*\.\n$/),
    })
  }
  const [charge] = await query<{ charge_id: string }>(
    presence.databaseUrl,
    'select charge_id from purchases where id = $1',
    [purchaseId],
  )
  await presence.kill9()
  await stripeOf(presence).refunds.create({ charge: charge!.charge_id, amount: 700 })
  const refused = await run().catch((error: { code: number; stdout: string }) => error)
  expect(refused).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(
      `purchase ${purchaseId}: the ledger has 17.39 at Stripe, Stripe has 10.39`,
    ),
  })
  await presence.restart()
  await waitFor(
    'the refund',
    async () =>
      (await query(presence.databaseUrl, 'select 1 from refunds where purchase_id = $1', [purchaseId]))
        .length === 1,
    90,
  )
  await untilIdle(presence, 120)
  expect((await run()).stdout).toContain('agrees with Stripe to the cent')
})
