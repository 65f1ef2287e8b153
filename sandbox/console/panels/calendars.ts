// Cal.com's bookings, next one first.
import { html } from 'hono/html'
import type { Booking } from '../../calcom/booking.ts'
import { chip, empty, section, time } from '../parts.ts'
import type { Html, Row, View } from '../parts.ts'

export function calendarsPanel({ ctx }: View): Html {
  const bookings = ctx.store.list<Booking>('calcom.booking')
  if (bookings.length === 0)
    return empty('Nothing is booked', 'Times that members choose with a host who uses Cal.com appear here.')
  const now = ctx.clock.now()
  const byStart = bookings.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start))
  const isAhead = (booking: Booking) => Date.parse(booking.end) > now && booking.status === 'accepted'
  return html` ${section(
    'Ahead',
    byStart.filter(isAhead).map((one) => ({ ...bookingRow(one), acts: [hostCancels(one)] })),
    'No session is ahead.',
  )}
  ${section(
    'Past and cancelled',
    byStart
      .filter((one) => !isAhead(one))
      .reverse()
      .map(bookingRow),
    'Nothing is over yet.',
  )}`
}

const hostCancels = ({ uid }: Booking): [string, string, object] => [
  'The host cancels',
  `/_sandbox/calcom/bookings/${uid}/cancel`,
  {},
]

function bookingRow(booking: Booking): Row {
  return {
    kind: 'calcom.booking',
    id: booking.uid,
    title: html`${time(Date.parse(booking.start), 'datetime')} – ${time(Date.parse(booking.end), 'time')}`,
    detail: `${booking.attendees[0].name} with ${booking.hosts[0].name}`,
    state: chip(booking.status),
  }
}
