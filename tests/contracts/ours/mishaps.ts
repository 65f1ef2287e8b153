// Mishaps through the whole application: each is refused or recovered from.
import { Refused } from '../../../world/person.ts'
import { editRow, moveClock, payCheckout, rowsOf } from '../../../world/outside.ts'
import {
  becomes,
  becomesConfirmed,
  becomesPaid,
  bookingStartingIn,
  joins,
  openRoom,
  paidPurchase,
  sessionTakesPlace,
  signedInHost,
  signedInMember,
  startedCheckout,
  startIn,
} from '../../people/actors.ts'
import { untilIdle } from '../../people/evidence.ts'
import type { Presence } from '../../harness/presence.ts'
import { attendee, calClient } from '../use/calcom.ts'
import { hostActs, uidOf } from '../../faults/calcom.ts'
import { callers, must } from '../use/world.ts'
import type { Slots } from '../../../server/journey/times/free-times-view.ts'
import { dayMs, hourMs, minuteMs } from '../../../server/lib/time.ts'

async function refused(act: Promise<unknown>): Promise<string> {
  const error = await act.then(
    () => undefined,
    (one: unknown) => one,
  )
  must(error instanceof Refused, `this was not refused: ${String(error)}`)
  return error.code || String(error.status)
}

export async function meetMishaps(presence: Presence): Promise<void> {
  await wrongCodes(presence)
  await cardsAndCheckouts(presence)
  await calendars(presence)
  await texts(presence)
  await edits(presence)
  await rooms(presence)
  await limits(presence)
  await untilIdle(presence)
}

async function wrongCodes(presence: Presence): Promise<void> {
  const member = await signedInMember(presence)
  const ask = (path: string, body: object) => member.ask('POST', `/api/auth/phone-number/${path}`, body)
  const { mobileNumber: phoneNumber } = member
  await ask('send-otp', { phoneNumber })
  for (let tries = 0; tries < 6; tries++) await refused(ask('verify', { phoneNumber, code: '000000' }))
  await moveClock(presence, { advanceMs: 11 * minuteMs })
  await refused(ask('verify', { phoneNumber, code: '000000' }))
}

async function cardsAndCheckouts(presence: Presence): Promise<void> {
  const member = await signedInMember(presence)
  const host = await signedInHost(presence, 'Amelia Hart')
  const { checkoutId, purchaseId } = await startedCheckout(member, host)
  for (const card of ['4000000000000002', '4000000000009995']) {
    must(
      await payCheckout(presence, checkoutId, card).then(
        () => false,
        () => true,
      ),
      `the card ${card} is taken`,
    )
  }
  await payCheckout(presence, checkoutId, '4000002500003155', 'fail').catch(() => undefined)
  await payCheckout(presence, checkoutId, '4000002500003155', 'complete')
  await becomesPaid(member, purchaseId)
  const { control } = callers(presence.sandboxUrl)
  for (const bankDebit of ['succeeds', 'fails']) {
    // Each by somebody else: while a payment is under way its member cannot start the same again.
    const later = await startedCheckout(await signedInMember(presence), host)
    await control('POST', `/stripe/checkout/${later.checkoutId}/pay`, {
      bankDebit,
      name: 'Sam Rivers',
      email: 'sam@example.com',
    })
  }
  await startedCheckout(member, host, 'Weekly')
  const disputed = await startedCheckout(member, host)
  await payCheckout(presence, disputed.checkoutId, '4000000000000259')
  await becomesPaid(member, disputed.purchaseId)
  await moveClock(presence, { advanceMs: hourMs })
  const refunded = await paidPurchase(member, host)
  await member.ask('POST', `/api/bookings/${refunded.bookingIds[0]}/refund`)
  await becomes(member, refunded.bookingIds[0]!, 'refunded', (one) => one.state === 'cancelled')
  await untilIdle(presence)
}

async function calendars(presence: Presence): Promise<void> {
  const member = await signedInMember(presence)
  const host = await signedInHost(presence, 'Amelia Hart')
  const cal = calClient({ ...callers(presence.sandboxUrl), keys: presence.keys })
  const booking = await bookingStartingIn(26 * 60, member, host)
  await member.ask('POST', `/api/bookings/${booking.id}/reschedule`, {
    start: await startIn(presence, 27 * 60),
  })
  await becomesConfirmed(member, booking.id)
  await member.ask('POST', `/api/bookings/${booking.id}/cancel`)
  await becomes(member, booking.id, 'without a time', (one) => one.state === 'pending')
  const taken = await startIn(presence, 30 * 60)
  const other = await cal('POST', '/v2/bookings', {
    start: taken,
    eventTypeSlug: '10min',
    username: 'amelia-hart',
    attendee,
  })
  must(other.status === 201, 'nobody else can book')
  await refused(member.schedule(booking.id, host, taken))
  const { slots } = await member.ask<Slots>(
    'GET',
    `/api/hosts/${host.id}/slots?from=${taken}&to=${new Date(Date.parse(taken) + minuteMs).toISOString()}`,
  )
  must(slots.length === 0, 'a taken time is offered')
  await bookingStartingIn(32 * 60, member, host, booking.id)
  await hostActs(presence, await uidOf(presence, await member.booking(booking.id)), 'cancel', {
    reason: 'The host is ill',
  })
  await becomes(member, booking.id, 'given back by the host', (one) => one.state === 'pending')
  await untilIdle(presence)
}

async function texts(presence: Presence): Promise<void> {
  const member = await signedInMember(presence)
  const host = await signedInHost(presence, 'Amelia Hart')
  const { control } = callers(presence.sandboxUrl)
  for (const body of ['Hello?', 'HELP', 'STOP'])
    await control('POST', '/twilio/inbound', { from: member.mobileNumber, body })
  await paidPurchase(member, host)
  await untilIdle(presence)
  await control('POST', '/twilio/inbound', { from: member.mobileNumber, body: 'START' })
}

async function edits(presence: Presence): Promise<void> {
  const [row] = await rowsOf(presence, 'Hosts')
  await editRow(presence, 'Hosts', row!.id, {
    'About You (Host Bio)': `${String(row!.fields['About You (Host Bio)'])} I also keep bees.`,
  })
  await untilIdle(presence)
}

async function rooms(presence: Presence): Promise<void> {
  const member = await signedInMember(presence)
  const host = await signedInHost(presence, 'Amelia Hart')
  const held = await bookingStartingIn(60, member, host)
  await sessionTakesPlace(member, held, [member, host])
  await becomes(member, held.id, 'completed', (one) => one.state === 'completed')
  const alone = await bookingStartingIn(60, member, host, (await paidPurchase(member, host)).bookingIds[0])
  await openRoom(member, alone)
  const stay = await joins(host, alone.id)
  await moveClock(presence, { to: new Date(Date.parse(alone.end) + 1_000).toISOString() })
  await becomes(member, alone.id, 'over', (one) => one.state === 'completed')
  await moveClock(presence, { advanceMs: hourMs })
  await stay.leave().catch(() => undefined)
  await refused(joins(member, alone.id))
  await moveClock(presence, { advanceMs: 3 * dayMs })
  await untilIdle(presence)
}

/** One 429 of every provider, met by the act that calls it. */
async function limits(presence: Presence): Promise<void> {
  const { control } = callers(presence.sandboxUrl)
  const operations = {
    stripe: 'checkout.sessions.create',
    twilio: 'messages.create',
    calcom: 'bookings.create',
    daily: 'rooms.create',
    airtable: 'records.update',
  }
  const host = await signedInHost(presence, 'Amelia Hart')
  for (const [provider, operation] of Object.entries(operations))
    await control('POST', '/faults', { provider, operation, kind: 'rate_limit', times: 1 })
  const member = await signedInMember(presence)
  await bookingStartingIn(60, member, host, (await paidPurchase(member, host)).bookingIds[0]).then(
    (booking) => openRoom(member, booking),
  )
  await control('DELETE', '/faults')
}
