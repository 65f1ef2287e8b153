import type { Bookings } from '../../server/journey/bookings/booking-view.ts'
import type { Host, HostPage } from '../../server/journey/hosts/host-view.ts'
import type { HostDashboard } from '../../server/journey/payouts/host-dashboard-view.ts'
import { addMinutes } from '../../server/lib/time.ts'
import { expect } from '../checklist.ts'
import { baseOf, moveClock, onboardAccount, rowOf, stripeOf } from '../outside.ts'
import { type Person, phoneOf, waitFor, type World } from '../person.ts'
import { bothJoined, type Stay } from './meet-on-video.ts'
import { justAfter, smsWith, type Walk } from './walk.ts'

const phase = 'Phase 5, completion'

export async function completeSession(
  { world, check, member, silence }: Walk,
  { host, hostPerson }: { host: Host; hostPerson: Person },
  session: { purchaseId: string; bookingId: string; start: Date },
  { memberRoom, hostRoom }: { memberRoom: Stay; hostRoom: Stay },
): Promise<void> {
  const { purchaseId, bookingId, start } = session
  const smsBefore = (await phoneOf(world, member.mobileNumber)).length
  const { accountId } = await onboard(world, hostPerson, host)
  await check(phase, 'the session is marked complete', async () => {
    await moveClock(world, { to: addMinutes(start, 9).toISOString() })
    await memberRoom.leave()
    await hostRoom.leave()
    await moveClock(world, { to: justAfter(addMinutes(start, 10)) })
    const { past } = await waitFor('the completed session', async () => {
      const all = await member.ask<Bookings>('GET', '/api/bookings')
      return all.past.some((one) => one.id === bookingId && one.state === 'completed') && all
    })
    const row = await waitFor('Completed in Airtable', async () => {
      const one = await rowOf(world, 'Presence Operations', bookingId)
      return one?.fields['Booking Status'] === 'Completed' && one
    })
    if (silence.isDailySilent) await bothJoined(world, bookingId)
    return {
      outcome: past.find((one) => one.id === bookingId)!.outcome,
      'Booking Status': row.fields['Booking Status'],
    }
  })
  await check(phase, 'the thank-you SMS is sent', async () => {
    const sms = await smsWith(member, 'the thank-you', smsBefore, host.fullName.split(' ')[0]!)
    return { to: sms.to, sms: sms.body }
  })
  await check(phase, 'rebook is offered', async () => {
    const { hosts } = await member.ask<HostPage>('GET', `/api/hosts?first=${host.id}`)
    expect(hosts[0]?.id === host.id && hosts[0].hasMetYou, 'the same host is not first')
    return { first: hosts[0].fullName }
  })
  await check(phase, 'the host is paid out', async () => {
    const row = await waitFor('Paid in Airtable', async () => {
      const one = await rowOf(world, 'Presence Operations', bookingId)
      return one?.fields['Payout Status'] === 'Paid' && one
    })
    const [shown] = await baseOf(world)('Presence Operations')
      .select({ filterByFormula: `{Presence ID} = '${bookingId}'` })
      .firstPage()
    expect(shown?.fields['Payout Status'] === 'Paid', "Airtable's API answers another payout status")
    const { data } = await stripeOf(world).transfers.list({ transfer_group: purchaseId })
    expect(
      data.length === 1 && data[0]!.amount === 1206 && data[0]!.destination === accountId,
      `Stripe has ${data.length} transfers of this purchase`,
    )
    return {
      transfer: data[0]!.id,
      amount: '12.06 AUD',
      'Payout ID': row.fields['Payout ID'],
      'Payout Date': row.fields['Payout Date'],
    }
  })
}

/** Answers the host's Connect account, onboarded unless an earlier journey did that. */
async function onboard(world: World, hostPerson: Person, host: Host): Promise<{ accountId: string }> {
  const before = await hostPerson.ask<HostDashboard>('GET', '/api/host')
  if (!before.onboarding.canBePaid) await hostPerson.ask('POST', '/api/host/onboarding')
  const { data } = await stripeOf(world).accounts.list({ limit: 100 })
  const account = data.find((one) => one.metadata?.['presence_host_id'] === host.id)
  expect(account !== undefined, 'Stripe has no account of the host')
  if (!before.onboarding.canBePaid) {
    await onboardAccount(world, account.id)
    // Stripe returns the host to a page that asks at once for the state of the onboarding.
    await hostPerson.ask('POST', '/api/host/onboarding/refresh')
    await waitFor(
      'the host who can be paid',
      async () => (await hostPerson.ask<HostDashboard>('GET', '/api/host')).onboarding.canBePaid,
    )
  }
  return { accountId: account.id }
}
