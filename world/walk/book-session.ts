import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import type { Host } from '../../server/journey/hosts/host-view.ts'
import type { Slots } from '../../server/journey/times/free-times-view.ts'
import { addDays, addMinutes } from '../../server/lib/time.ts'
import { expect } from '../checklist.ts'
import { calBooking, calUidOf, clockNow, rowOf } from '../outside.ts'
import { waitFor } from '../person.ts'
import { smsWith, type Walk } from './walk.ts'

const phase = 'Phase 3, booking'

/** Answers the start of the session. */
export async function bookSession(
  { world, check, member }: Walk,
  host: Host,
  bookingId: string,
): Promise<Date> {
  const { start: startText } = await check(phase, 'the Cal.com booking is created', async () => {
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
    const uid = (await calUidOf(world, booking)) ?? ''
    const { data } = await calBooking(world, uid)
    expect(
      data.status === 'accepted' && new Date(data.start).getTime() === new Date(booking.start!).getTime(),
      'Cal.com has another time or status',
    )
    expect(
      Object.values(data.metadata).includes(bookingId),
      "Cal.com's record does not carry our booking's id",
    )
    expect(
      data.location?.endsWith(`/video-session?booking=${bookingId}`) === true,
      "Cal.com's record does not lead to our session page",
    )
    return { calBookingUid: uid, start: booking.start!, status: data.status }
  })
  const start = new Date(startText)
  await check(phase, 'its URL is stored in Airtable', async () => {
    const row = await waitFor('the URL in Airtable', async () => {
      const one = await rowOf(world, 'Presence Operations', bookingId)
      return one?.fields['Booking Status'] === 'Created' && Boolean(one.fields['Cal.com URL']) && one
    })
    return {
      'Cal.com URL': row.fields['Cal.com URL'],
      'Session Start Time': row.fields['Session Start Time'],
    }
  })
  await check(phase, 'the member gets the confirmation', async () => {
    const time = new Intl.DateTimeFormat('en-AU', {
      timeZone: 'Australia/Melbourne',
      hour: 'numeric',
      minute: '2-digit',
    })
      .format(start)
      .replaceAll(/[\u00a0\u202f]/g, ' ')
    const sms = await smsWith(member, 'the booking confirmation', 2, time)
    const file = await member.fetch(`/api/bookings/${bookingId}/calendar.ics`)
    const text = await file.text()
    expect(
      file.ok && text.includes('BEGIN:VEVENT') && text.includes(bookingId),
      'the calendar file is missing',
    )
    return { sms: sms.body, calendarFile: `${text.length} characters` }
  })
  return start
}
