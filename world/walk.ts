// The whole journey of one member and one host, line by line as the checklist of the design has it.
import type { Plans } from '../server/journey/plans/plan-view.ts'
import type { Checkout, Purchase } from '../server/journey/purchases/purchase-view.ts'
import type { Settings } from '../server/http/settings-view.ts'
import type { Prompts } from '../server/journey/messages/prompts-view.ts'
import type { HostDashboard } from '../server/journey/payouts/host-dashboard-view.ts'
import type { Me } from '../server/journey/members/member-view.ts'
import { type Checklist, expect } from './checklist.ts'
import {
  baseOf,
  calBooking,
  clockNow,
  dailyRoom,
  enterRoom,
  moveClock,
  onboardAccount,
  payCheckout,
  rowOf,
  stripeOf,
} from './outside.ts'
import { newMobileNumber, Person, phoneOf, waitFor, type World } from './person.ts'
import { addDays, addMinutes, minuteMs } from '../server/lib/time.ts'
import type { Booking, Bookings } from '../server/journey/bookings/booking-view.ts'
import type { Host, HostPage } from '../server/journey/hosts/host-view.ts'
import type { Likes } from '../server/journey/hosts/likes-view.ts'
import type { JoinAnswer } from '../server/journey/rooms/room-view.ts'
import type { Slots } from '../server/journey/times/free-times-view.ts'

const phases = {
  hosts: 'Phase 1, host selection',
  payment: 'Phase 2, payment',
  booking: 'Phase 3, booking',
  video: 'Phase 4, video',
  completion: 'Phase 5, completion',
  automations: 'Automations',
}

/** Whose webhooks are lost on this walk: what they would have told is then known later. */
export type Silence = { isStripeSilent?: boolean; isDailySilent?: boolean }

export async function walkJourney(world: World, { check }: Checklist, silence: Silence = {}): Promise<void> {
  const member = new Person(world, newMobileNumber())
  const base = baseOf(world)
  const { isStripeSilent = false, isDailySilent = false } = silence

  const { host, hostNumber } = await check(phases.hosts, 'active hosts load from Airtable', async () => {
    await member.signIn()
    await member.ask('PATCH', '/api/me', { fullName: 'Sam Rivers', timeZone: 'Australia/Melbourne' })
    const rows = await base('Hosts').select().all()
    const active = rows.filter(
      ({ fields }) => fields['Status'] === 'Active' && fields['Verification Status'] === 'Verified',
    )
    const { hosts } = await member.ask<HostPage>('GET', '/api/hosts?limit=100')
    const names = hosts.map((one) => one.fullName).sort()
    const wanted = active.map(({ fields }) => String(fields['Full Name'])).sort()
    expect(
      JSON.stringify(names) === JSON.stringify(wanted),
      `expected ${wanted.join(', ')}; the page has ${names.join(', ')}`,
    )
    const row = active.find(({ fields }) => String(fields['Cal Link'] ?? '').includes('cal.com/'))
    expect(row !== undefined, 'no active host has a Cal.com link')
    const found = hosts.find((one) => one.fullName === row.fields['Full Name'])!
    return {
      airtable: rows.length,
      shown: hosts.length,
      host: found,
      hostNumber: String(row.fields['Mobile Number']),
    }
  })
  await check(phases.hosts, 'search works', async () => {
    const q = host.fullName.split(' ')[0]!.slice(0, 4).toUpperCase()
    const { hosts } = await member.ask<HostPage>('GET', `/api/hosts?q=${encodeURIComponent(q)}`)
    expect(
      hosts.some((one) => one.id === host.id),
      `searching "${q}" does not find ${host.fullName}`,
    )
    const none = await member.ask<HostPage>('GET', '/api/hosts?q=nobodyiscalledthis')
    expect(none.hosts.length === 0, 'searching nonsense finds somebody')
    return { q, found: hosts.map((one) => one.fullName) }
  })
  await check(phases.hosts, 'tag filters work', async () => {
    const tag = host.tags[0]!
    const { hosts } = await member.ask<HostPage>('GET', `/api/hosts?tags=${tag}&limit=100`)
    expect(
      hosts.some((one) => one.id === host.id) && hosts.every((one) => one.tags.includes(tag)),
      `the filter ${tag} lets others through`,
    )
    return { tag, found: hosts.map((one) => one.fullName) }
  })
  await check(phases.hosts, 'a card leads to /plans', async () => {
    const page = await member.fetch(`/plans?host=${host.id}`)
    expect(page.ok && (await page.text()).includes('<div id="root"'), `/plans answers ${page.status}`)
    const shown = await member.ask<Host>('GET', `/api/hosts/${host.id}`)
    const { plans } = await member.ask<Plans>('GET', '/api/plans')
    return {
      host: shown.fullName,
      plans: plans.map((plan) => `${plan.plan} ${(plan.priceCents / 100).toFixed(2)}`),
    }
  })

  const stripe = stripeOf(world)
  const { purchaseId, checkoutId } = await check(
    phases.payment,
    'the Stripe modal opens with the right plan',
    async () => {
      const started = await member.ask<Checkout>('POST', '/api/checkout', { plan: 'Adhoc', hostId: host.id })
      const sessions = await stripe.checkout.sessions.list({ limit: 100 })
      const checkout = sessions.data.find((one) => one.client_reference_id === started.purchaseId)
      expect(checkout !== undefined, 'Stripe knows no checkout of this purchase')
      const { metadata } = checkout
      expect(
        checkout.ui_mode === 'embedded_page' && checkout.amount_total === 1800 && checkout.currency === 'aud',
        'not an embedded checkout of AUD 18.00',
      )
      expect(
        metadata?.['plan_type'] === 'Adhoc' && Boolean(metadata['member_id']) && Boolean(metadata['host_id']),
        'metadata is missing',
      )
      const { stripeJsUrl } = await member.ask<Settings>('GET', '/api/settings')
      expect((await fetch(stripeJsUrl)).ok, 'the script of the payment page does not load')
      return { purchaseId: started.purchaseId, checkoutId: checkout.id, amount: '18.00 AUD', metadata }
    },
  )
  const { bookingId } = await check(phases.payment, 'payment creates the Presence Operation', async () => {
    await payCheckout(world, checkoutId)
    if (isStripeSilent) await moveClock(world, { advanceMs: 3 * minuteMs })
    const purchase = await waitFor('the paid purchase', async () => {
      const now = await member.ask<Purchase>('GET', `/api/purchases/${purchaseId}`)
      return now.status === 'paid' && now
    })
    expect(
      purchase.bookingIds.length === 1,
      `an Adhoc purchase grants ${purchase.bookingIds.length} sessions`,
    )
    const row = await waitFor('the Presence Operation', () =>
      rowOf(world, 'Presence Operations', purchase.bookingIds[0]!),
    )
    const { fields } = row
    expect(
      fields['Booking Status'] === 'Pending' && fields['Payment Status'] === 'Completed',
      'the row does not say Pending and Completed',
    )
    expect(
      fields['Host Share (AUD)'] === 12.06 && fields['Presence Share (AUD)'] === 5.94,
      'the shares are not 12.06 and 5.94',
    )
    return {
      bookingId: purchase.bookingIds[0]!,
      airtableRecord: row.id,
      amount: fields['Amount (AUD)'],
      hostShare: 12.06,
      presenceShare: 5.94,
      transaction: fields['Transaction ID'],
    }
  })
  const smsWith = (who: string, what: string, since: number, ...words: string[]) =>
    waitFor(what, async () =>
      (await phoneOf(world, who)).slice(since).find(({ body }) => words.every((word) => body.includes(word))),
    )
  await check(phases.payment, 'the confirmation SMS is sent', async () => {
    const sms = await smsWith(member.mobileNumber, 'the payment confirmation', 1, '18.00')
    return { to: sms.to, sms: sms.body }
  })

  const { start } = await check(phases.booking, 'the Cal.com booking is created', async () => {
    const now = await clockNow(world)
    const from = addMinutes(now, 20)
    const to = addDays(from, 3)
    const { slots } = await member.ask<Slots>(
      'GET',
      `/api/hosts/${host.id}/slots?from=${from.toISOString()}&to=${to.toISOString()}`,
    )
    expect(slots.length > 0, `${host.fullName} has no free time in the next three days`)
    await member.ask('POST', '/functions/v1/calcom-create-booking', {
      bookingId,
      hostId: host.id,
      start: slots[0]!.start,
    })
    const booking = await waitFor('the confirmed time', async () => {
      const one = await member.ask<Booking>('GET', `/api/bookings/${bookingId}`)
      return one.calendarStatus === 'confirmed' && one
    })
    const uid = booking.calBookingUrl!.split('/').at(-1)!
    const { data } = await calBooking(world, uid)
    expect(
      data.status === 'accepted' && new Date(data.start).getTime() === new Date(booking.start!).getTime(),
      'Cal.com has another time or status',
    )
    expect(
      Object.values(data.metadata).includes(bookingId),
      "Cal.com's record does not carry our booking's id",
    )
    return { calBookingUid: uid, start: booking.start!, status: data.status }
  })
  await check(phases.booking, 'its URL is stored in Airtable', async () => {
    const row = await waitFor('the URL in Airtable', async () => {
      const one = await rowOf(world, 'Presence Operations', bookingId)
      return one?.fields['Booking Status'] === 'Created' && Boolean(one.fields['Cal.com URL']) && one
    })
    return {
      'Cal.com URL': row.fields['Cal.com URL'],
      'Session Start Time': row.fields['Session Start Time'],
    }
  })
  await check(phases.booking, 'the member gets the confirmation', async () => {
    const time = new Intl.DateTimeFormat('en-AU', {
      timeZone: 'Australia/Melbourne',
      hour: 'numeric',
      minute: '2-digit',
    })
      .format(new Date(start))
      .replaceAll(/[\u00a0\u202f]/g, ' ')
    const sms = await smsWith(member.mobileNumber, 'the booking confirmation', 2, time)
    const file = await member.fetch(`/api/bookings/${bookingId}/calendar.ics`)
    const text = await file.text()
    expect(
      file.ok && text.includes('BEGIN:VEVENT') && text.includes(bookingId),
      'the calendar file is missing',
    )
    return { sms: sms.body, calendarFile: `${text.length} characters` }
  })

  const hostPerson = new Person(world, hostNumber)
  await hostPerson.signIn()
  const live = await member.listen()
  const smsBefore = (await phoneOf(world, member.mobileNumber)).length
  await check(phases.video, 'the room exists 15 minutes before', async () => {
    await moveClock(world, { to: new Date(new Date(start).getTime() - 15 * minuteMs + 1_000).toISOString() })
    const row = await waitFor('the room in Airtable', async () => {
      const one = await rowOf(world, 'Presence Operations', bookingId)
      return one?.fields['Video Room Status'] === 'Active' && one
    })
    const url = String(row.fields['Video Room URL'])
    const room = await dailyRoom(world, url.split('/').at(-1)!)
    expect(
      room.privacy === 'private' && room.config.max_participants === 2,
      'the room is not private for two',
    )
    expect(
      room.config.nbf === new Date(start).getTime() / 1000 - 900,
      'the room does not open 15 minutes before the start',
    )
    const sms = await smsWith(member.mobileNumber, 'the reminder', smsBefore, '/video-session')
    return { room: room.name, url, reminder: sms.body }
  })
  const { memberRoom } = await check(phases.video, 'the member can join from the dashboard', async () => {
    await waitFor('the live update of the dashboard', async () => live.topics.includes('bookings'))
    const { upcoming } = await member.ask<Bookings>('GET', '/api/bookings')
    expect(
      upcoming.some((one) => one.id === bookingId && one.canJoin),
      'the dashboard does not offer to join',
    )
    const joining = await member.ask<JoinAnswer>('POST', `/api/bookings/${bookingId}/join`)
    const memberRoom = await enterRoom(world, joining.url!)
    return { role: joining.role, room: joining.url!.split('?')[0], memberRoom }
  })
  await check(phases.video, 'pre and post prompts show', async () => {
    const prompts = await member.ask<Prompts>('GET', `/api/bookings/${bookingId}/prompts`)
    expect(prompts.preSession.length > 0 && prompts.reflection.length > 0, 'a prompt is missing')
    expect(!JSON.stringify(prompts).includes('{{'), 'a placeholder reached a person')
    return { before: prompts.preSession[0], after: prompts.reflection[0] }
  })
  const bothJoined = () =>
    waitFor('both joined in Airtable', async () => {
      const one = await rowOf(world, 'Presence Operations', bookingId)
      return one?.fields['Host Joined'] === true && one.fields['Member Joined'] === true && one
    })
  const { hostRoom } = await check(phases.video, 'join status is in Airtable', async () => {
    const joining = await hostPerson.ask<JoinAnswer>('POST', `/api/bookings/${bookingId}/join`)
    const hostRoom = await enterRoom(world, joining.url!)
    const row = isDailySilent ? undefined : await bothJoined()
    return {
      'Host Joined': row?.fields['Host Joined'] ?? 'later',
      'Member Joined': row?.fields['Member Joined'] ?? 'later',
      hostRoom,
    }
  })

  const { accountId } = await onboard(world, hostPerson, host)
  await check(phases.completion, 'the session is marked complete', async () => {
    await moveClock(world, { to: new Date(new Date(start).getTime() + 9 * minuteMs).toISOString() })
    await memberRoom.leave()
    await hostRoom.leave()
    await moveClock(world, { to: new Date(new Date(start).getTime() + 10 * minuteMs + 1_000).toISOString() })
    const { past } = await waitFor('the completed session', async () => {
      const all = await member.ask<Bookings>('GET', '/api/bookings')
      return all.past.some((one) => one.id === bookingId && one.state === 'completed') && all
    })
    const row = await waitFor('Completed in Airtable', async () => {
      const one = await rowOf(world, 'Presence Operations', bookingId)
      return one?.fields['Booking Status'] === 'Completed' && one
    })
    if (isDailySilent) await bothJoined()
    return {
      outcome: past.find((one) => one.id === bookingId)!.outcome,
      'Booking Status': row.fields['Booking Status'],
    }
  })
  await check(phases.completion, 'the thank-you SMS is sent', async () => {
    const sms = await smsWith(
      member.mobileNumber,
      'the thank-you',
      smsBefore + 1,
      host.fullName.split(' ')[0]!,
    )
    return { to: sms.to, sms: sms.body }
  })
  await check(phases.completion, 'rebook is offered', async () => {
    const { hosts } = await member.ask<HostPage>('GET', `/api/hosts?first=${host.id}`)
    expect(hosts[0]?.id === host.id && hosts[0].hasMetYou, 'the same host is not first')
    return { first: hosts[0].fullName }
  })
  await check(phases.completion, 'the host is paid out', async () => {
    const row = await waitFor('Paid in Airtable', async () => {
      const one = await rowOf(world, 'Presence Operations', bookingId)
      return one?.fields['Payout Status'] === 'Paid' && one
    })
    const [shown] = await base('Presence Operations')
      .select({ filterByFormula: `{Presence ID} = '${bookingId}'` })
      .firstPage()
    expect(shown?.fields['Payout Status'] === 'Paid', "Airtable's API answers another payout status")
    const { data } = await stripe.transfers.list({ transfer_group: purchaseId })
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

  await check(
    phases.automations,
    "a host's like shows on the member's dashboard without a reload",
    async () => {
      live.topics.length = 0
      const { members } = await hostPerson.ask<HostDashboard>('GET', '/api/host')
      const { member: me } = await member.ask<Me>('GET', '/api/me')
      expect(
        members.some((one) => one.id === me?.id),
        'the host does not see the member they met',
      )
      await hostPerson.ask('POST', `/api/host/members/${me?.id}/like`)
      await waitFor('the live update', async () => live.topics.includes('likes'))
      const { likes } = await member.ask<Likes>('GET', '/api/likes')
      expect(likes[0]?.host.id === host.id, 'the like is not on the dashboard')
      return { banner: `${likes[0].host.fullName} liked you`, liveTopic: 'likes' }
    },
  )
  live.stop()
}

/** The host's Connect account, ready to be paid; a host of an earlier journey has one already. */
async function onboard(world: World, hostPerson: Person, host: Host): Promise<{ accountId: string }> {
  const before = await hostPerson.ask<HostDashboard>('GET', '/api/host')
  if (!before.onboarding.canBePaid) await hostPerson.ask('POST', '/api/host/onboarding')
  const { data } = await stripeOf(world).accounts.list({ limit: 100 })
  const account = data.find((one) => one.metadata?.['presence_host_id'] === host.id)
  expect(account !== undefined, 'Stripe has no account of the host')
  if (!before.onboarding.canBePaid) {
    await onboardAccount(world, account.id)
    // Stripe sends them back to a page that asks at once how things stand.
    await hostPerson.ask('POST', '/api/host/onboarding/refresh')
    await waitFor(
      'the host who can be paid',
      async () => (await hostPerson.ask<HostDashboard>('GET', '/api/host')).onboarding.canBePaid,
    )
  }
  return { accountId: account.id }
}
