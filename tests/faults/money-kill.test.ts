// kill -9 of the whole application around refunds and reversals, in one instance for all tests.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../server/lib/ids.ts'
import { persistently } from '../../world/persistently.ts'
import type { Person } from '../../world/person.ts'
import { stripeOf } from '../../world/outside.ts'
import {
  alwaysFreeHost,
  bookingStartingIn,
  type Host,
  type Member,
  onboardedHost,
  paidPurchase,
  signedInMember,
  signedInOperator,
} from '../people/actors.ts'
import { violations, query, untilIdle } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

let presence: Presence
let ruby: Host
let member: Member
let operator: Person

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  await onboardedHost(ruby)
  member = await signedInMember(presence)
  operator = await signedInOperator(presence)
})
afterAll(() => presence?.stop())

/**
 * The application dies at each of `places` in turn while it works on what `act` began, and survives at last.
 */
async function diesAt(places: string[], act: () => Promise<unknown>): Promise<void> {
  await presence.restart({ FAILPOINT: places[0]! })
  const acting = act()
  for (const [index, place] of places.entries()) {
    const ending = await presence.ended()
    expect(ending.signal, `${place}: ${presence.logs().slice(-500)}`).toBe('SIGKILL')
    // It may die during its start, because jobs under way are resumed at once.
    await presence.restart({ FAILPOINT: places[index + 1] ?? '' }).catch((error: Error) => {
      if (!String(error.cause).includes('SIGKILL')) throw error
    })
  }
  await acting
  await untilIdle(presence)
}

const refund = (purchaseId: string, amountCents: number, refundId = newId()) =>
  persistently(() =>
    operator.ask('POST', `/api/ops/purchases/${purchaseId}/refund`, {
      amountCents,
      reason: 'Goodwill',
      refundId,
    }),
  )
async function refundsOf(purchaseId: string): Promise<number[]> {
  const [row] = await query<{ charge_id: string }>(
    presence.databaseUrl,
    'select charge_id from purchases where id = $1',
    [purchaseId],
  )
  return (await stripeOf(presence).refunds.list({ charge: row!.charge_id })).data.map(({ amount }) => amount)
}

test('a refund that crashes before and after each commit and call is made once', async () => {
  const { purchaseId } = await paidPurchase(member, ruby)
  await untilIdle(presence)
  await diesAt(
    ['after-commit:refund', 'before-call:refund', 'after-call:refund', 'after-commit:refunded'],
    () => refund(purchaseId, 700),
  )
  expect(await refundsOf(purchaseId)).toEqual([700])
  expect(await violations(presence)).toEqual([])
})

test('a reversal after a refund is made once through three crashes', async () => {
  const booking = await bookingStartingIn(60, member, ruby)
  await member.ask('POST', `/api/bookings/${booking.id}/cancel`)
  await untilIdle(presence)
  await diesAt(['before-call:reverse', 'after-call:reverse'], () => refund(booking.purchaseId, 500))
  await diesAt(['after-commit:reverse'], () => refund(booking.purchaseId, 400))
  expect((await refundsOf(booking.purchaseId)).sort()).toEqual([400, 500])
  const { data } = await stripeOf(presence).transfers.list({ transfer_group: booking.purchaseId })
  expect(data).toMatchObject([{ amount: 1206, amount_reversed: 603 }])
  expect(await violations(presence)).toEqual([])
})
