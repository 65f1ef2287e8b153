import {
  deleteCalWebhook,
  ensureCalWebhook,
  fetchCalEventTypeFacts,
  fetchCalMe,
} from '../../../server/integrations/calcom-accounts.ts'
import { fetchCalOwner, listCalWebhooks } from '../../../server/integrations/calcom-setup.ts'
import {
  cancelCalBooking,
  createCalBooking,
  fetchCalBooking,
  findCalBooking,
  listChangedCalBookings,
  markCalAbsent,
  moveCalBooking,
  setCalLocation,
} from '../../../server/integrations/calcom-bookings.ts'
import { fetchCalSlots, releaseCalSlot, reserveCalSlot } from '../../../server/integrations/calcom-slots.ts'
import { must, refusal } from '../use/world.ts'
import { minuteMs } from '../../../server/lib/time.ts'
import type { Ours } from './clients.ts'

const day = 1440 * minuteMs

export async function callCalcom({ clients: { calcom }, at }: Ours): Promise<void> {
  must((await fetchCalMe(calcom)).username === 'presence', 'a key does not say whose it is')
  const hook = { subscriberUrl: 'https://presence.example/hook?host=1', secret: 'a secret of this host' }
  const hookId = await ensureCalWebhook(calcom, hook)
  must((await ensureCalWebhook(calcom, hook)) === hookId, 'a webhook is registered twice')
  await deleteCalWebhook(calcom, hookId)
  const account = { username: 'kenji-watanabe', eventSlug: '10min' }
  must((await fetchCalOwner(calcom)).username === 'presence', "the key is somebody else's")
  must((await listCalWebhooks(calcom)).length === 1, 'there is no webhook')
  const facts = await fetchCalEventTypeFacts(calcom, account)
  must(facts?.lengthInMinutes[0] === 10, 'the event type has another length')
  const [first, second, third] = await fetchCalSlots(
    calcom,
    account,
    await at(day),
    await at(day + 120 * minuteMs),
  )
  const eventTypeId = facts?.id
  const slot = { eventTypeId: eventTypeId!, start: first!, minutes: 6 }
  const reservation = await reserveCalSlot(calcom, slot)
  must((await refusal(reserveCalSlot(calcom, slot))).status === 422, 'a slot is held twice')
  const attendee = {
    name: 'Sam Rivers',
    email: 'sam@presence.example',
    timeZone: 'Australia/Melbourne',
    language: 'en',
  }
  const meetingUrl = 'https://presence.example/video-session?booking=b-1'
  const wanted = { account, bookingId: 'b-1', attempt: 1, start: first!, attendee, meetingUrl }
  const made = await createCalBooking(calcom, wanted)
  await releaseCalSlot(calcom, reservation)
  await releaseCalSlot(calcom, reservation)
  must((await refusal(createCalBooking(calcom, wanted))).status === 400, 'a slot is booked twice')
  const known = { ...wanted, attendeeEmail: attendee.email }
  must((await findCalBooking(calcom, known))?.uid === made.uid, 'a booking is not found again')
  await fetchCalSlots(calcom, account, await at(day), await at(day + 60 * minuteMs), made.uid)
  const moved = await moveCalBooking(calcom, made.uid, second!)
  must(
    (await fetchCalBooking(calcom, made.uid))?.rescheduledToUid === moved.uid,
    'a moved booking does not say where to',
  )
  await setCalLocation(calcom, moved.uid, meetingUrl)
  must(
    (await fetchCalBooking(calcom, moved.uid))?.location === meetingUrl,
    'a moved booking does not lead to our page',
  )
  must((await fetchCalBooking(calcom, 'nothing')) === undefined, 'nothing is found')
  await cancelCalBooking(calcom, moved.uid, 'Ill')
  await cancelCalBooking(calcom, moved.uid, 'Ill')
  await listChangedCalBookings(calcom, await at(-60 * minuteMs))
  const late = await createCalBooking(calcom, { ...wanted, bookingId: 'b-2', start: third! })
  must(
    (await refusal(markCalAbsent(calcom, late.uid, { host: true }))).status === 400,
    'somebody is absent before the start',
  )
  must(
    (await refusal(markCalAbsent(calcom, late.uid, { attendeeEmail: attendee.email }))).status === 400,
    'somebody is absent before the start',
  )
}
