import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { moveClock } from '../../world/outside.ts'
import { newMobileNumber, Person, waitFor } from '../../world/person.ts'
import {
  alwaysFreeHost,
  becomes,
  bookingStartingIn,
  type Host,
  moveTo,
  paidPurchase,
  sessionTakesPlace,
  signedInMember,
} from '../people/actors.ts'
import { query, untilIdle, smsKinds, smsOf } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { clearFaults, injectFault } from './sandbox.ts'

let presence: Presence
let ruby: Host

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
})
afterEach(() => clearFaults(presence))
afterAll(() => presence?.stop())

test.each(['timeout_after', 'rate_limit'] as const)(
  'an SMS that meets "%s" at Twilio arrives exactly once',
  async (kind) => {
    const member = await signedInMember(presence)
    await untilIdle(presence)
    await injectFault(presence, { provider: 'twilio', operation: 'messages.create', kind, times: 1 })
    await paidPurchase(member, ruby)
    await untilIdle(presence)
    expect(await smsKinds(presence, member.mobileNumber)).toEqual(['welcome', 'paid'])
  },
)

test('two events with the same words are two SMS, also when the answer to the second is lost', async () => {
  const member = await signedInMember(presence)
  const { bookingIds } = await paidPurchase(member, ruby, 'Weekly')
  const thanks = async () =>
    (await smsOf(presence, member.mobileNumber)).filter(({ body }) =>
      body.startsWith('Thank you for being here'),
    )
  for (const [index, id] of bookingIds.slice(0, 2).entries()) {
    const booking = await bookingStartingIn(60, member, ruby, id)
    if (index === 1)
      await injectFault(presence, { provider: 'twilio', operation: 'messages.create', kind: 'timeout_after' })
    await sessionTakesPlace(member, booking, [member, ruby])
    await becomes(member, id, 'held', (one) => one.outcome === 'held')
    await untilIdle(presence)
  }
  expect(new Set((await thanks()).map(({ body }) => body)).size, 'the words are the same').toBe(1)
  expect((await thanks()).map(({ sid }) => sid)).toHaveLength(2)
  const rows = await query(
    presence.databaseUrl,
    `select twilio_sid from messages where template = 'Session Thank You' and mobile_number = $1`,
    [member.mobileNumber],
  )
  expect(rows).toHaveLength(2)
})

test('an SMS is not sent when its useful time has passed while Twilio was away', async () => {
  const member = await signedInMember(presence)
  const { bookingIds } = await paidPurchase(member, ruby)
  await untilIdle(presence)
  const outage = await injectFault(presence, {
    provider: 'twilio',
    operation: 'messages.create',
    kind: 'outage',
  })
  const booking = await bookingStartingIn(60, member, ruby, bookingIds[0])
  await moveTo(presence, booking.end, minuteMs)
  // No try from before that moment is still under way when Twilio comes back.
  await waitFor('the SMS that is dropped', async () => {
    const [row] = await query<{ status: string }>(
      presence.databaseUrl,
      `select status from messages where booking_id = $1 and template = 'Booking Confirmation' and recipient = 'member'`,
      [booking.id],
    )
    return row?.status === 'dropped'
  })
  await outage.remove()
  await moveClock(presence, { advanceMs: minuteMs })
  await untilIdle(presence)
  expect(await smsKinds(presence, member.mobileNumber)).toEqual(['welcome', 'paid'])
})

test('delivery reports that come twice and out of order end in the furthest status', async () => {
  const member = await signedInMember(presence)
  await injectFault(presence, { provider: 'twilio', kind: 'reorder', times: 1, delayMs: 300 })
  await injectFault(presence, { provider: 'twilio', kind: 'duplicate' })
  await paidPurchase(member, ruby)
  await untilIdle(presence)
  await moveClock(presence, { advanceMs: minuteMs })
  await untilIdle(presence)
  const rows = await query<{ status: string }>(
    presence.databaseUrl,
    'select status from messages where mobile_number = $1',
    [member.mobileNumber],
  )
  expect(rows.map((row) => row.status)).toEqual(['delivered', 'delivered'])
})

test('nobody is signed in while Twilio is away, and a sentence says to try again', async () => {
  await injectFault(presence, { provider: 'twilio', kind: 'outage' })
  const person = new Person(presence, newMobileNumber())
  await expect(
    person.ask('POST', '/api/auth/phone-number/send-otp', { phoneNumber: person.mobileNumber }),
  ).rejects.toMatchObject({ status: 503, code: 'codes_unavailable' })
})
