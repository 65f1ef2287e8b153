// Cal.com's bookings, the next first.
import { chip, empty, section, time } from '../parts.ts'
import type { Html, Row, View } from '../parts.ts'
import { html } from 'hono/html'

type Booking = {
  uid: string; title?: string; status: string; start: string; end: string; duration?: number
  hosts?: { name?: string }[]; attendees?: { name?: string; email?: string; timeZone?: string }[]
}

export function calendarsPanel({ ctx }: View): Html {
  const bookings = ctx.store.list<Booking>('calcom.booking')
  if (bookings.length === 0) return empty('Nothing is booked', 'Times that members choose with a host who uses Cal.com appear here.')
  const now = ctx.clock.now()
  const byStart = bookings.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start))
  const isAhead = (booking: Booking) => Date.parse(booking.end) > now && booking.status === 'accepted'
  return html`
    ${section('Ahead', byStart.filter(isAhead).map(bookingRow), 'No session is ahead.')}
    ${section('Past and cancelled', byStart.filter((one) => !isAhead(one)).reverse().map(bookingRow), 'Nothing is over yet.')}`
}

function bookingRow(booking: Booking): Row {
  const host = booking.hosts?.[0]?.name
  const attendee = booking.attendees?.[0]
  const people = [attendee?.name ?? attendee?.email, host].filter(Boolean).join(' with ')
  return {
    kind: 'calcom.booking', id: booking.uid, title: html`${time(Date.parse(booking.start), 'datetime')} – ${time(Date.parse(booking.end), 'time')}`,
    detail: people || booking.title || booking.uid, state: chip(booking.status),
  }
}
