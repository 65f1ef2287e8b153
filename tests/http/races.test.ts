import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  alwaysFreeHost,
  becomesConfirmed,
  freeStartIn,
  type Host,
  paidPurchase,
  signedInHost,
  signedInMember,
  startedCheckout,
  startIn,
} from '../people/actors.ts'
import { violations, untilIdle, smsKinds } from '../people/evidence.ts'
import { payCheckout } from '../../world/outside.ts'
import { Refused } from '../../world/person.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

let presence: Presence
let ruby: Host
let amelia: Host

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  amelia = await signedInHost(presence, 'Amelia Hart')
})
afterAll(() => presence?.stop())

const codesOf = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes
    .map((one) =>
      one.status === 'fulfilled'
        ? 'ok'
        : one.reason instanceof Refused
          ? `${one.reason.status} ${one.reason.code}`
          : String(one.reason),
    )
    .sort()

test.each(['Ruby Tamihana', 'Amelia Hart'])(
  'one of two members who choose the same time of %s at once gets it, the other may choose again',
  async (name) => {
    const host = name === 'Ruby Tamihana' ? ruby : amelia
    const members = [await signedInMember(presence), await signedInMember(presence, 'Noor Aziz')]
    const purchases = [await paidPurchase(members[0]!, host), await paidPurchase(members[1]!, host)]
    const start = await freeStartIn(90, members[0]!, host)
    const outcomes = await Promise.allSettled(
      members.map((member, index) => member.schedule(purchases[index]!.bookingIds[0]!, host, start)),
    )
    const codes = codesOf(outcomes)
    expect(codes[1]).toBe('ok')
    expect(['409 time_taken', '409 time_not_offered']).toContain(codes[0])
    const loser = outcomes[0]!.status === 'rejected' ? 0 : 1
    const left = await members[loser]!.booking(purchases[loser]!.bookingIds[0]!)
    expect(left).toMatchObject({ state: 'pending', start: null })
    await members[loser]!.schedule(left.id, host, await freeStartIn(120, members[loser]!, host))
    await becomesConfirmed(members[loser]!, left.id)
    expect(await violations(presence)).toEqual([])
  },
)

test('a session scheduled twice at the same moment has one time and one confirmation', async () => {
  const member = await signedInMember(presence)
  const { bookingIds } = await paidPurchase(member, ruby)
  const starts = [await startIn(presence, 200), await startIn(presence, 240)]
  const outcomes = await Promise.allSettled(
    [...starts, ...starts].map((start) => member.schedule(bookingIds[0]!, ruby, start)),
  )
  const { start } = await becomesConfirmed(member, bookingIds[0]!)
  const given = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.start] : []))
  expect(new Set(given), 'who chooses the same time again is told that they have it').toEqual(
    new Set([start]),
  )
  await untilIdle(presence)
  expect((await smsKinds(presence, member.mobileNumber)).filter((kind) => kind === 'booked')).toHaveLength(1)
})

test('a double click on cancel cancels once', async () => {
  const member = await signedInMember(presence)
  const { bookingIds } = await paidPurchase(member, ruby)
  await member.schedule(bookingIds[0]!, ruby, await freeStartIn(20 * 60, member, ruby))
  await becomesConfirmed(member, bookingIds[0]!)
  await untilIdle(presence)
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map(() => member.ask('POST', `/api/bookings/${bookingIds[0]}/cancel`)),
  )
  expect(codesOf(outcomes).filter((code) => code === 'ok')).toHaveLength(1)
  await untilIdle(presence)
  expect((await smsKinds(presence, member.mobileNumber)).filter((kind) => kind === 'cancelled')).toHaveLength(
    1,
  )
})

test('of two checkouts of one member for the same, only the later can be paid', async () => {
  const member = await signedInMember(presence)
  const one = await startedCheckout(member, ruby)
  const other = await startedCheckout(member, ruby)
  expect(one.purchaseId).not.toBe(other.purchaseId)
  await payCheckout(presence, other.checkoutId)
  await untilIdle(presence)
  const { unused } = await member.bookings()
  expect(unused.map((booking) => booking.purchaseId)).toEqual([other.purchaseId])
  expect(await member.ask('GET', `/api/purchases/${one.purchaseId}`)).toMatchObject({
    status: 'expired',
    bookingIds: [],
  })
})
