import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HostDashboard } from '../../server/journey/payouts/host-dashboard-view.ts'
import type { Purchase } from '../../server/journey/purchases/purchase-view.ts'
import { dayMs, hourMs } from '../../server/lib/time.ts'
import { payCheckout, stripeOf } from '../../world/outside.ts'
import { waitFor } from '../../world/person.ts'
import {
  alwaysFreeHost,
  becomes,
  bookingStartingIn,
  type Host,
  type Member,
  moveTo,
  onboardedHost,
  paidPurchase,
  sessionTakesPlace,
  signedInMember,
  startedCheckout,
} from '../people/actors.ts'
import { injectFault } from '../faults/sandbox.ts'
import { airtableRow, violations, ledgerOf, untilIdle, smsKinds } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

let presence: Presence
let ruby: Host

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
})

afterAll(() => presence?.stop())

const transfersOf = async (purchaseId: string) =>
  (await stripeOf(presence).transfers.list({ transfer_group: purchaseId })).data

test('earnings wait for the onboarding of the host, and are transferred once afterwards', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(60, member, ruby)
  await sessionTakesPlace(member, booking, [member, ruby])
  const held = await becomes(member, booking.id, 'completed', (one) => one.state === 'completed')
  expect(held.outcome).toBe('held')
  await untilIdle(presence)
  expect(await ledgerOf(presence.databaseUrl, booking.purchaseId)).toMatchObject({
    host_payable: -1206,
    platform_revenue: -594,
  })
  expect(await transfersOf(booking.purchaseId)).toEqual([])
  expect((await airtableRow(presence, 'Presence Operations', booking.id))['Payout Status']).toBe(
    'Waiting for Onboarding',
  )
  const waiting = await ruby.ask<HostDashboard>('GET', '/api/host')
  expect(waiting.earnings).toMatchObject({ waitingCents: 1206, scheduledCents: 0, paidCents: 0 })

  const { accountId } = await onboardedHost(ruby)
  await untilIdle(presence)
  const [transfer, ...more] = await transfersOf(booking.purchaseId)
  expect(more).toEqual([])
  expect(transfer).toMatchObject({
    amount: 1206,
    currency: 'aud',
    destination: accountId,
    transfer_group: booking.purchaseId,
  })
  expect(await ledgerOf(presence.databaseUrl, booking.purchaseId)).not.toHaveProperty('host_payable')
  const row = await airtableRow(presence, 'Presence Operations', booking.id)
  expect(row).toMatchObject({
    'Booking Status': 'Completed',
    'Payout Status': 'Paid',
    'Payout ID': transfer!.id,
    'Host Joined': true,
    'Member Joined': true,
  })
  const paid = await ruby.ask<HostDashboard>('GET', '/api/host')
  expect(paid.earnings).toMatchObject({ waitingCents: 0, scheduledCents: 0, paidCents: 1206 })
  expect(await violations(presence)).toEqual([])
})

test('each payment is confirmed once, whatever happens to its webhooks', async () => {
  const members: Member[] = []
  for (const kind of ['duplicate', 'delay', 'reorder', 'tamper', 'old_secret'] as const) {
    const member = await signedInMember(presence)
    const { checkoutId } = await startedCheckout(member, ruby)
    const fault = await injectFault(presence, { provider: 'stripe', kind, delayMs: 300 })
    await payCheckout(presence, checkoutId)
    await fault.remove()
    members.push(member)
  }
  for (const member of members) {
    await waitFor('the paid session', async () => (await member.bookings()).unused.length === 1)
  }
  await untilIdle(presence)
  for (const member of members)
    expect((await smsKinds(presence, member.mobileNumber)).filter((kind) => kind === 'paid')).toHaveLength(1)
  expect(await violations(presence)).toEqual([])
})

test('an unused session of a pack is refunded once by its part of the price, to the cent', async () => {
  const member = await signedInMember(presence)
  const { purchaseId, bookingIds } = await paidPurchase(member, ruby, 'Weekly')
  expect(
    (await Promise.all(bookingIds.map((id) => member.booking(id)))).map((one) => one.amountCents),
  ).toEqual([1334, 1333, 1333])
  const second = bookingIds[1]!
  const answers = await Promise.allSettled(
    [1, 2, 3].map(() => member.ask('POST', `/api/bookings/${second}/refund`)),
  )
  expect(answers.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
  await untilIdle(presence)
  const { data: refunds } = await stripeOf(presence).refunds.list({ limit: 100 })
  expect(refunds.filter((one) => one.metadata?.['booking_id'] === second).map((one) => one.amount)).toEqual([
    1333,
  ])
  expect(await ledgerOf(presence.databaseUrl, purchaseId)).toMatchObject({ member_prepaid: -2667 })
  expect(await member.booking(second)).toMatchObject({ state: 'cancelled', refundable: false })
  expect(await airtableRow(presence, 'Presence Operations', second)).toMatchObject({
    'Booking Status': 'Cancelled',
    'Payment Status': 'Refunded',
  })
  expect((await member.ask<Purchase>('GET', `/api/purchases/${purchaseId}`)).status).toBe('paid')
  expect(await violations(presence)).toEqual([])
})

test('a purchase is refunded when each of its sessions was', async () => {
  const member = await signedInMember(presence)
  const { purchaseId, bookingIds } = await paidPurchase(member, ruby, 'Weekly')
  for (const id of bookingIds) await member.ask('POST', `/api/bookings/${id}/refund`)
  await untilIdle(presence)
  expect((await member.ask<Purchase>('GET', `/api/purchases/${purchaseId}`)).status).toBe('refunded')
  expect(await ledgerOf(presence.databaseUrl, purchaseId)).not.toHaveProperty('member_prepaid')
  expect(await violations(presence)).toEqual([])
})

test('an unused session expires with its validity after one warning, and becomes revenue', async () => {
  const member = await signedInMember(presence)
  const { purchaseId, bookingIds, validUntil } = await paidPurchase(member, ruby, 'Weekly')
  const kinds = () => smsKinds(presence, member.mobileNumber)
  await moveTo(presence, validUntil, -25 * hourMs)
  await untilIdle(presence)
  expect(await kinds()).not.toContain('expiring')
  await moveTo(presence, validUntil, -23 * hourMs)
  await untilIdle(presence)
  expect((await kinds()).filter((kind) => kind === 'expiring')).toHaveLength(1)
  await moveTo(presence, validUntil, 1_000)
  for (const id of bookingIds) await becomes(member, id, 'expired', (one) => one.state === 'expired')
  await untilIdle(presence)
  expect((await kinds()).filter((kind) => kind === 'expiring')).toHaveLength(1)
  expect(await ledgerOf(presence.databaseUrl, purchaseId)).toMatchObject({ platform_revenue: -4000 })
  await expect(member.ask('POST', `/api/bookings/${bookingIds[0]}/refund`)).rejects.toMatchObject({
    status: 409,
    code: 'not_refundable',
  })
  await expect(
    member.schedule(bookingIds[0]!, ruby, new Date(Date.parse(validUntil) + dayMs).toISOString()),
  ).rejects.toMatchObject({ status: 409 })
  expect(await violations(presence)).toEqual([])
})
