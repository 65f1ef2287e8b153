// Every function of the server's integrations that calls a provider, at least once, with what the journey gives it.
import * as airtable from '../../../server/integrations/airtable.ts'
import * as calcom from '../../../server/integrations/calcom.ts'
import * as daily from '../../../server/integrations/daily.ts'
import { createDailyToken, domainOfToken, signDailyToken } from '../../../server/integrations/daily-tokens.ts'
import * as stripe from '../../../server/integrations/stripe.ts'
import * as twilio from '../../../server/integrations/twilio.ts'
import { onboardAccount, payCheckout } from '../../../scripts/world/outside.ts'
import { must, type Outside, refusal } from '../use/world.ts'
import { ourClients, type OurClients } from './clients.ts'

const minute = 60_000
const day = 1440 * minute

type Ours = { clients: OurClients; outside: Outside; at: (ms: number) => Promise<Date> }

const acts = { stripe: callStripe, twilio: callTwilio, calcom: callCalcom, daily: callDaily, airtable: callAirtable }
const modules = { stripe, twilio, calcom, daily, airtable }

/** Runs them all; answers the functions that call a provider and were not called. */
export async function callEverything(outside: Outside): Promise<string[]> {
  const at = async (ms: number) => new Date(Date.parse((await outside.control('GET', '/clock')).body.now) + ms)
  const ours: Ours = { clients: ourClients(outside), outside, at }
  const missing: string[] = []
  for (const [name, act] of Object.entries(acts) as [keyof typeof acts, (typeof acts)[keyof typeof acts]][]) {
    const source = act.toString()
    await act(ours)
    // Functions that call a provider are the asynchronous ones.
    const calling = Object.entries(modules[name]).filter(([, value]) => typeof value === 'function' && value.constructor.name === 'AsyncFunction')
    missing.push(...calling.filter(([called]) => !source.includes(`${called}(`)).map(([called]) => `${name}.${called}`))
  }
  return missing
}

async function callStripe({ clients, outside, at }: Ours): Promise<void> {
  const client = clients.stripe
  const world = { url: '', sandboxUrl: outside.url, keys: outside.keys }
  const person = { memberId: 'member-1', name: 'Sam Rivers', email: 'sam@example.com', mobileNumber: '+61400000001' }
  const stripeCustomerId = await stripe.createStripeCustomer(client, person)
  await stripe.createStripeCustomer(client, { ...person, memberId: 'member-2', name: '', email: null })
  const metadata = { member_id: 'm', host_id: 'h', plan_type: 'Adhoc', purchase_id: 'p-1' }
  const wanted = {
    purchaseId: 'p-1', stripeCustomerId, amountCents: 1800, currency: 'AUD', title: 'Adhoc', description: '10 minutes', metadata,
    returnUrl: 'http://localhost:3000/plans', expiresAt: await at(45 * minute),
  }
  const checkout = await stripe.createCheckout(client, wanted)
  must((await stripe.createCheckout(client, wanted)).id === checkout.id, 'a repeat opens a second checkout')
  must((await refusal(stripe.createCheckout(client, { ...wanted, amountCents: 1 }))).status === 400, 'the same key buys something else')
  await payCheckout(world, checkout.id, '4000000000000002').catch(() => undefined)
  await payCheckout(world, checkout.id)
  const facts = await stripe.fetchCheckout(client, checkout.id)
  must(facts.isPaid && facts.charge !== null, 'a paid checkout is not paid')
  await stripe.expireCheckout(client, checkout.id)
  await stripe.expireCheckout(client, (await stripe.createCheckout(client, { ...wanted, purchaseId: 'p-2', metadata: { ...metadata, purchase_id: 'p-2' } })).id)
  const accountId = await stripe.createHostAccount(client, { hostId: 'h-1', fullName: 'Amelia Hart', email: 'amelia@example.com' })
  await stripe.createHostAccount(client, { hostId: 'h-2', fullName: 'Ruby Tamihana', email: null })
  await stripe.createOnboardingLink(client, { accountId, refreshUrl: 'http://localhost:3000/a', returnUrl: 'http://localhost:3000/b' })
  must(!(await stripe.fetchHostAccount(client, accountId)).canBePaid, 'a host can be paid too early')
  await onboardAccount(world, accountId)
  must((await stripe.fetchHostAccount(client, accountId)).canBePaid, 'a host who is done cannot be paid')
  const transfer = { bookingId: 'b-1', purchaseId: 'p-1', amountCents: 1206, currency: 'AUD', accountId, chargeId: facts.charge.id }
  const made = await stripe.createTransfer(client, transfer)
  must((await stripe.findTransfer(client, 'p-1', 'b-1'))?.id === made.id, 'a transfer is not found again')
  const refund = await stripe.createRefund(client, { bookingId: 'b-1', purchaseId: 'p-1', chargeId: facts.charge.id, amountCents: 600 })
  must((await stripe.fetchRefund(client, refund.id)).status === 'succeeded', 'a refund has not succeeded')
}

async function callTwilio({ clients, outside, at }: Ours): Promise<void> {
  const client = clients.twilio
  const phone = '+61491570112'
  await twilio.sendCode(client, phone)
  must(!(await twilio.checkCode(client, phone, '000000')), 'a wrong code is right')
  const { body } = await outside.control('GET', `/messages?to=${encodeURIComponent(phone)}`)
  must(await twilio.checkCode(client, phone, /\d{6}/.exec(body.messages.at(-1).body)![0]), 'the right code is wrong')
  must(!(await twilio.checkCode(client, phone, '000000')), 'a used code is right')
  const sent = await twilio.sendSms(client, { to: phone, body: 'Hello from Presence', statusCallbackUrl: `${outside.receiver.url}/hook` })
  must((await twilio.findSms(client, phone, 'Hello from Presence', await at(-minute)))?.sid === sent.sid, 'an SMS is not found again')
  must((await refusal(twilio.sendSms(client, { to: '+15005550001', body: 'Hello', statusCallbackUrl: `${outside.receiver.url}/hook` }))).code === '21211', 'an SMS goes to nobody')
}

async function callCalcom({ clients, at }: Ours): Promise<void> {
  const client = clients.calcom
  const account = { username: 'kenji-watanabe', eventSlug: '10min' }
  const [first, second, third] = await calcom.fetchCalSlots(client, account, await at(day), await at(day + 120 * minute))
  const eventTypeId = await calcom.fetchCalEventType(client, account)
  const reservation = await calcom.reserveCalSlot(client, { eventTypeId: eventTypeId!, start: first!, minutes: 6 })
  must((await refusal(calcom.reserveCalSlot(client, { eventTypeId: eventTypeId!, start: first!, minutes: 6 }))).status === 422, 'a slot is held twice')
  const attendee = { name: 'Sam Rivers', email: 'sam@presence.example', timeZone: 'Australia/Melbourne', mobileNumber: '+61400000001' }
  const wanted = { account, bookingId: 'b-1', attempt: 1, start: first!, attendee }
  const made = await calcom.createCalBooking(client, wanted)
  await calcom.releaseCalSlot(client, reservation)
  await calcom.releaseCalSlot(client, reservation)
  must((await refusal(calcom.createCalBooking(client, wanted))).status === 400, 'a slot is booked twice')
  must((await calcom.findCalBooking(client, wanted))?.uid === made.uid, 'a booking is not found again')
  await calcom.fetchCalSlots(client, account, await at(day), await at(day + 60 * minute), made.uid)
  const moved = await calcom.moveCalBooking(client, made.uid, second!)
  must((await calcom.fetchCalBooking(client, made.uid))?.rescheduledToUid === moved.uid, 'a moved booking does not say where to')
  must((await calcom.fetchCalBooking(client, 'nothing')) === undefined, 'nothing is found')
  await calcom.cancelCalBooking(client, moved.uid, 'Ill')
  await calcom.cancelCalBooking(client, moved.uid, 'Ill')
  await calcom.listChangedCalBookings(client, await at(-60 * minute))
  const late = await calcom.createCalBooking(client, { ...wanted, bookingId: 'b-2', start: third! })
  must((await refusal(calcom.markCalAbsent(client, late.uid, { host: true }))).status === 400, 'somebody is absent before the start')
}

async function callDaily({ clients, outside, at }: Ours): Promise<void> {
  const client = clients.daily
  const room = { name: 'booking-1-1', opensAt: await at(0), closesAt: await at(60 * minute) }
  const { url } = await daily.ensureDailyRoom(client, room)
  must((await daily.ensureDailyRoom(client, room)).url === url, 'a repeat makes another room')
  must((await daily.fetchDailyRoom(client, room.name))?.url === url, 'a room is not found again')
  const person = { roomName: room.name, personId: '01a2044b-d7fb-777a-8b75-ca178f55cec9', displayName: 'Sam', isHost: false, opensAt: room.opensAt, closesAt: room.closesAt }
  const made = await createDailyToken(client, person)
  const token = signDailyToken(client, domainOfToken(made)!, person, room.opensAt)
  const { body } = await outside.control('POST', `/daily/rooms/${room.name}/join`, { token })
  await outside.control('POST', `/daily/rooms/${room.name}/leave`, { sessionId: body.sessionId })
  must((await daily.fetchDailyAttendance(client, room.name)).stays.length === 1, 'a stay is not known')
  await daily.deleteDailyRoom(client, room.name)
  await daily.deleteDailyRoom(client, room.name)
  must((await daily.fetchDailyRoom(client, room.name)) === undefined, 'a deleted room is there')
  await daily.ensureDailyRoom(client, { ...room, name: 'booking-1-2' })
  await outside.advance(61 * minute)
  await daily.deleteDailyRoom(client, 'booking-1-2')
}

async function callAirtable({ clients, outside }: Ours): Promise<void> {
  const client = clients.airtable
  await airtable.readTable(client, 'Hosts')
  const records = Array.from({ length: 10 }, (_, number) => ({ 'Presence ID': `like-${number}`, 'Host Name': "Grace O'Connor", 'Is Mutual': true }))
  must((await airtable.upsertRecords(client, 'Likes', records)).size === 10, 'ten records are not ten')
  await airtable.upsertRecords(client, 'Likes', [{ 'Presence ID': 'like-1', Status: 'A new status' }])
  must((await refusal(airtable.upsertRecords(client, 'Likes', [{ 'Presence ID': 'x', Nonsense: 1 }]))).status === 422, 'a field that nobody made is written')
  must((await refusal(airtable.readTable(client, 'Nothing'))).status === 403, 'a table that nobody made is read')
  const hook = await airtable.createAirtableWebhook(client, `${outside.receiver.url}/airtable`)
  must(await airtable.refreshAirtableWebhook(client, hook.id), 'a webhook cannot be refreshed')
  must(!(await airtable.refreshAirtableWebhook(client, 'ach00000000000000')), 'a webhook that nobody made is refreshed')
  await airtable.upsertRecords(client, 'Likes', [{ 'Presence ID': 'like-2', Status: 'Pinged' }])
}
