// The same list, for how our server reacts to what the providers send.
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  becomesPaid,
  becomesConfirmed,
  bookingStartingIn,
  type Host,
  type Member,
  paidPurchase,
  signedInHost,
  signedInMember,
  startedCheckout,
} from '../../people/actors.ts'
import { moveClock } from '../../../world/outside.ts'
import { query, untilIdle } from '../../people/evidence.ts'
import { type Presence, startPresence } from '../../harness/presence.ts'
import { uidOf } from '../../faults/calcom.ts'
import { callers } from '../use/world.ts'
import { minuteMs } from '../../../server/lib/time.ts'

let presence: Presence
let host: Host
beforeAll(async () => {
  presence = await startPresence()
  host = await signedInHost(presence, 'Amelia Hart')
})
afterAll(() => presence?.stop())

const statusOf = async (member: Member, purchaseId: string) =>
  (await member.ask<{ status: string }>('GET', `/api/purchases/${purchaseId}`)).status

test('a completed checkout grants nothing until it is paid, and never where that fails', async () => {
  const member = await signedInMember(presence)
  for (const bankDebit of ['succeeds', 'fails']) {
    const { checkoutId, purchaseId } = await startedCheckout(member, host)
    await callers(presence.sandboxUrl).control('POST', `/stripe/checkout/${checkoutId}/pay`, {
      bankDebit,
      name: 'Sam Rivers',
      email: 'sam@example.com',
    })
    await untilIdle(presence)
    expect(await statusOf(member, purchaseId)).not.toBe('paid')
    await moveClock(presence, { advanceMs: minuteMs })
    if (bankDebit === 'succeeds') await becomesPaid(member, purchaseId)
    await untilIdle(presence)
    if (bankDebit === 'fails') expect(await statusOf(member, purchaseId)).not.toBe('paid')
  }
})

test('the status of an SMS stays delivered, whatever callback comes later', async () => {
  const member = await signedInMember(presence)
  for (let times = 0; times < 4; times++) await paidPurchase(member, host)
  await untilIdle(presence)
  const { body } = await callers(presence.sandboxUrl).control('GET', '/journal')
  type Told = { kind: string; provider: string; operation: string; requestBody: string }
  const bySid = Map.groupBy(
    (body.entries as Told[]).filter(
      ({ kind, operation }) => kind === 'delivery' && operation.startsWith('message.'),
    ),
    (one) => new URLSearchParams(one.requestBody).get('MessageSid'),
  )
  const backwards = [...bySid.values()].filter((told) => told.at(-1)?.operation === 'message.sent')
  expect(backwards.length).toBeGreaterThan(0)
  const rows = await query<{ status: string }>(
    presence.databaseUrl,
    'select status from messages where twilio_sid is not null',
  )
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['delivered']))
})

test('a Cal.com delivery is matched by its uid alone, and a scheduled end completes nothing', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(180, member, host)
  const uid = await uidOf(presence, booking)
  const deliver = async (body: object) => {
    const text = JSON.stringify(body)
    const signature = createHmac('sha256', presence.keys['CALCOM_WEBHOOK_SECRET']!).update(text).digest('hex')
    return (
      await fetch(`${presence.url}/functions/v1/calcom-webhook`, {
        method: 'POST',
        body: text,
        headers: { 'content-type': 'application/json', 'x-cal-signature-256': signature },
      })
    ).status
  }
  const metadata = { presenceBookingId: booking.id, presenceAttempt: '1' }
  expect(
    await deliver({
      triggerEvent: 'BOOKING_CANCELLED',
      createdAt: new Date().toISOString(),
      payload: { uid: 'another', metadata, status: 'CANCELLED' },
    }),
  ).toBe(200)
  expect(
    await deliver({
      triggerEvent: 'MEETING_ENDED',
      uid,
      metadata,
      status: 'ACCEPTED',
      createdAt: new Date().toISOString(),
    }),
  ).toBe(200)
  await untilIdle(presence)
  expect(await becomesConfirmed(member, booking.id)).toMatchObject({ state: 'created', start: booking.start })
})

test('the signed test request of Daily is answered with 200 at once', async () => {
  const body = '{"test":"test"}'
  const timestamp = String(
    Date.now() + (await callers(presence.sandboxUrl).control('GET', '/clock')).body.offsetMs,
  )
  const signature = createHmac('sha256', Buffer.from(presence.keys['DAILY_WEBHOOK_SECRET']!, 'base64'))
    .update(`${timestamp}.${body}`)
    .digest('base64')
  const ask = async (headers: Record<string, string>) =>
    (
      await fetch(`${presence.url}/functions/v1/daily-webhook`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      })
    ).status
  expect(await ask({ 'x-webhook-timestamp': timestamp, 'x-webhook-signature': signature })).toBe(200)
  expect(await ask({})).toBeGreaterThanOrEqual(400)
})
