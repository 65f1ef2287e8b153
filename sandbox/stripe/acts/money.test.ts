import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { daySeconds, minuteMs } from '../../core/durations.ts'
import { startStripe, type StripeWorld } from '../testing/world.ts'

/** [available, pending] in cents. */
async function balanceOf({ client }: StripeWorld, account?: string): Promise<[number, number]> {
  const { available, pending } = await client.balance.retrieve({}, account ? { stripeAccount: account } : {})
  return [available[0]!.amount, pending[0]!.amount]
}
const entriesOf = async ({ client }: StripeWorld, source: string) =>
  (await client.balanceTransactions.list({ source })).data

describe('charges', () => {
  test.each([
    [1800, 61],
    [4000, 98],
  ])('%i cents cost %i cents and are available after two days', async (price, fee) => {
    const world = await startStripe()
    const charge = await world.paidCharge('4242424242424242', price)
    const [entry] = await entriesOf(world, charge.id)
    expect(entry).toMatchObject({
      type: 'charge',
      amount: price,
      fee,
      net: price - fee,
      status: 'pending',
      fee_details: [{ type: 'stripe_fee', amount: fee, currency: 'aud' }],
    })
    expect(await balanceOf(world)).toEqual([0, price - fee])
    await world.advance(2 * daySeconds)
    expect(await balanceOf(world)).toEqual([price - fee, 0])
    expect((await world.client.balanceTransactions.retrieve(entry!.id)).status).toBe('available')
  })

  test('a charge has its balance transaction late on request, and no transfer before', async () => {
    const world = await startStripe()
    await world.control('POST', '/stripe/settings', { balanceDelayMs: minuteMs })
    const charge = await world.paidCharge()
    expect([charge.paid, charge.balance_transaction]).toEqual([true, null])
    const transfer = {
      amount: 100,
      currency: 'aud',
      destination: (await world.readyAccount()).id,
      source_transaction: charge.id,
    }
    await expect(world.client.transfers.create(transfer)).rejects.toMatchObject({
      param: 'source_transaction',
    })
    await world.advance(61)
    expect(
      (await world.client.charges.retrieve(charge.id, { expand: ['balance_transaction'] }))
        .balance_transaction,
    ).toMatchObject({
      fee: 61,
    })
    expect((await world.client.transfers.create(transfer)).amount).toBe(100)
  })

  test('a receipt can be opened', async () => {
    const { paidCharge } = await startStripe()
    const { receipt_url: address } = await paidCharge()
    expect(await (await fetch(address!)).text()).toContain('A$18.00')
  })
})

describe('transfers', () => {
  const send = (
    { client }: StripeWorld,
    destination: string,
    amount: number,
    more: Partial<Stripe.TransferCreateParams> = {},
  ) => client.transfers.create({ amount, currency: 'aud', destination, ...more })

  test('pending money does not cover one, available money does', async () => {
    const world = await startStripe()
    const { id } = await world.readyAccount()
    await world.paidCharge()
    await expect(send(world, id, 1000)).rejects.toMatchObject({
      statusCode: 400,
      code: 'balance_insufficient',
    })
    await world.paidCharge('4000000000000077')
    expect((await send(world, id, 1000)).amount).toBe(1000)
    expect(await balanceOf(world)).toEqual([1739 - 1000, 1739])
    expect(await balanceOf(world, id)).toEqual([1000, 0])
  })

  test('source_transaction sends pending money, up to the amount of the charge', async () => {
    const world = await startStripe()
    const { id } = await world.readyAccount()
    const charge = await world.paidCharge()
    const transfer = await send(world, id, 1206, { source_transaction: charge.id })
    expect(transfer).toMatchObject({
      source_transaction: charge.id,
      transfer_group: `group_${charge.id}`,
      reversed: false,
    })
    await expect(send(world, id, 595, { source_transaction: charge.id })).rejects.toMatchObject({
      message: expect.stringContaining('must not exceed the source amount of A$18.00'),
    })
    expect((await send(world, id, 594, { source_transaction: charge.id })).amount).toBe(594)
    expect(await balanceOf(world, id)).toEqual([0, 1800])
    await world.advance(2 * daySeconds)
    expect(await balanceOf(world, id)).toEqual([1800, 0])
    expect(await balanceOf(world)).toEqual([-61, 0])
  })

  test('an unknown account or one that may not receive gets nothing', async () => {
    const world = await startStripe()
    const charge = await world.paidCharge()
    const { id } = await world.client.accounts.create({
      type: 'express',
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    })
    await expect(send(world, 'acct_none', 100, { source_transaction: charge.id })).rejects.toMatchObject({
      code: 'resource_missing',
      param: 'destination',
    })
    await expect(send(world, id, 100, { source_transaction: charge.id })).rejects.toMatchObject({
      code: 'insufficient_capabilities_for_transfer',
    })
    expect((await world.client.transfers.list()).data).toEqual([])
  })

  test('reversals return up to the amount, and then the transfer is reversed', async () => {
    const world = await startStripe()
    const { id } = await world.readyAccount()
    const charge = await world.paidCharge()
    const transfer = await send(world, id, 1206, { source_transaction: charge.id })
    const partly = await world.client.transfers.createReversal(transfer.id, {
      amount: 206,
      metadata: { booking_id: 'b1' },
    })
    expect((await entriesOf(world, partly.id))[0]).toMatchObject({ amount: 206, net: 206 })
    await expect(world.client.transfers.createReversal(transfer.id, { amount: 1001 })).rejects.toMatchObject({
      param: 'amount',
    })
    await world.client.transfers.createReversal(transfer.id)
    expect(await world.client.transfers.retrieve(transfer.id)).toMatchObject({
      amount_reversed: 1206,
      reversed: true,
      reversals: { data: [{ amount: 1000 }, { amount: 206 }] },
    })
    await expect(world.client.transfers.createReversal(transfer.id)).rejects.toMatchObject({
      statusCode: 400,
    })
    expect(await balanceOf(world)).toEqual([0, 1739])
    expect(await balanceOf(world, id)).toEqual([0, 0])
  })
})

describe('refunds', () => {
  test('parts of a charge up to all of it are refunded, the fee is not', async () => {
    const world = await startStripe()
    const charge = await world.paidCharge()
    const refund = await world.client.refunds.create({
      payment_intent: charge.payment_intent as string,
      amount: 600,
    })
    expect(refund).toMatchObject({ status: 'succeeded', amount: 600, charge: charge.id })
    expect((await entriesOf(world, refund.id))[0]).toMatchObject({ type: 'refund', amount: -600, fee: 0 })
    await expect(world.client.refunds.create({ charge: charge.id, amount: 1201 })).rejects.toMatchObject({
      message: expect.stringContaining('greater than unrefunded amount'),
    })
    await world.client.refunds.create({ charge: charge.id })
    expect(await world.client.charges.retrieve(charge.id, { expand: ['refunds'] })).toMatchObject({
      amount_refunded: 1800,
      refunded: true,
      refunds: { data: [{ amount: 1200 }, { amount: 600 }] },
    })
    await expect(world.client.refunds.create({ charge: charge.id })).rejects.toMatchObject({
      code: 'charge_already_refunded',
    })
    expect(await balanceOf(world)).toEqual([0, -61])
    const types = (await world.arrived()).map(({ type }) => type).slice(3)
    expect(types).toEqual([
      'refund.created',
      'charge.refunded',
      'refund.updated',
      'refund.created',
      'charge.refunded',
      'refund.updated',
    ])
  })

  test('one can succeed late, and one can fail after it succeeded', async () => {
    const world = await startStripe()
    const late = await world.client.refunds.create({
      charge: (await world.paidCharge('4000000000007726')).id,
    })
    const charge = await world.paidCharge('4000000000005126')
    const bounced = await world.client.refunds.create({ charge: charge.id })
    expect([late.status, bounced.status]).toEqual(['pending', 'succeeded'])
    await world.advance(10)
    expect((await world.client.refunds.retrieve(late.id)).status).toBe('succeeded')
    expect(await world.client.refunds.retrieve(bounced.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
    })
    expect(await world.client.charges.retrieve(charge.id)).toMatchObject({
      refunded: false,
      amount_refunded: 0,
    })
    expect((await entriesOf(world, bounced.id)).map(({ amount }) => amount)).toEqual([1800, -1800])
  })
})

describe('the dashboard and the bank', () => {
  test('the dashboard refunds a payment, in parts and never twice', async () => {
    const { client, control, paidCharge, arrived } = await startStripe()
    const { id, amount } = await paidCharge()
    const refund = (body: object) => control('POST', `/stripe/charges/${id}/refund`, body)
    expect((await refund({ amountCents: 500 })).status).toBe(200)
    expect(await (await refund({})).json()).toMatchObject({ amount: amount - 500, status: 'succeeded' })
    expect((await refund({})).status).toBe(400)
    expect((await client.charges.retrieve(id)).refunded).toBe(true)
    const types = (await arrived()).map(({ type }) => type)
    expect(types.filter((type) => type === 'charge.refunded')).toHaveLength(2)
  })

  test('a button lets the bank dispute a payment, once', async () => {
    const { client, control, paidCharge } = await startStripe()
    const { id } = await paidCharge()
    for (const _ of [1, 2])
      expect(
        await (
          await control('POST', `/stripe/charges/${id}/dispute`, { reason: 'product_not_received' })
        ).json(),
      ).toMatchObject({ disputed: true })
    expect(
      (await client.disputes.list({ charge: id })).data.map(({ reason, status }) => [reason, status]),
    ).toEqual([['product_not_received', 'needs_response']])
  })
})

describe('disputes', () => {
  async function disputed(): Promise<StripeWorld & { dispute: Stripe.Dispute; charge: Stripe.Charge }> {
    const world = await startStripe()
    const charge = await world.paidCharge('4000000000000259')
    expect((await world.client.disputes.list()).data).toEqual([])
    await world.advance(5)
    const {
      data: [dispute],
    } = await world.client.disputes.list({ charge: charge.id })
    return { ...world, dispute: dispute!, charge }
  }

  test('one follows shortly, takes the money and a fee, and stops refunds', async () => {
    const world = await disputed()
    expect(world.dispute).toMatchObject({
      status: 'needs_response',
      reason: 'fraudulent',
      amount: 1800,
      balance_transactions: [{ amount: -1800, fee: 2500, net: -4300 }],
    })
    expect((await world.client.charges.retrieve(world.charge.id)).disputed).toBe(true)
    await expect(world.client.refunds.create({ charge: world.charge.id })).rejects.toMatchObject({
      code: 'charge_disputed',
    })
    expect((await world.arrived()).map(({ type }) => type)).toContain('charge.dispute.created')
  })

  test('a won one closes first and returns the money days later, without the fee', async () => {
    const won = await disputed()
    await won.control('POST', `/stripe/disputes/${won.dispute.id}`, { outcome: 'won' })
    expect(await won.client.disputes.retrieve(won.dispute.id)).toMatchObject({
      status: 'won',
      balance_transactions: [{ net: -4300 }],
    })
    await won.advance(2 * daySeconds)
    expect(await won.client.disputes.retrieve(won.dispute.id)).toMatchObject({
      status: 'won',
      balance_transactions: [{ net: -4300 }, { net: 1800 }],
    })
    const types = (await won.arrived()).map(({ type }) => type).filter((type) => type.includes('dispute'))
    expect(types).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ])
    expect(
      (await won.control('POST', `/stripe/disputes/${won.dispute.id}`, { outcome: 'lost' })).status,
    ).toBe(400)
    const lost = await disputed()
    await lost.client.disputes.close(lost.dispute.id)
    expect(await lost.client.disputes.retrieve(lost.dispute.id)).toMatchObject({
      status: 'lost',
      balance_transactions: [{ net: -4300 }],
    })
    expect((await lost.arrived()).at(-1)).toMatchObject({
      type: 'charge.dispute.closed',
      data: { object: { status: 'lost' } },
    })
  })

  test('money comes back in parts and may be withdrawn again, each as a movement of its own', async () => {
    const { dispute, client, control, advance } = await disputed()
    const move = (body: object) => control('POST', `/stripe/disputes/${dispute.id}/funds`, body)
    await control('POST', `/stripe/disputes/${dispute.id}`, { outcome: 'won' })
    for (const amountCents of [700, -300]) await move({ amountCents })
    await advance(2 * daySeconds)
    const { balance_transactions: moved } = await client.disputes.retrieve(dispute.id)
    expect(moved.map(({ amount }) => amount)).toEqual([-1800, 700, -300, 1400])
    await move({})
    expect((await client.disputes.retrieve(dispute.id)).balance_transactions).toHaveLength(4)
  })
})
