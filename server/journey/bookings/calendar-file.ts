// The calendar file of one session (RFC 5545): a stable UID, and a SEQUENCE that grows with every attempt, so that a
// later file moves the entry instead of adding another.
import { ICalCalendarMethod, ICalEventStatus, default as ical } from 'ical-generator'
import { now } from '../../lib/time.ts'
import type { BookingView } from './read-bookings.ts'

export function calendarFile(booking: BookingView, publicUrl: string): string {
  const isOn = booking.state === 'created' && booking.start !== null
  const calendar = ical({
    prodId: { company: 'Presence', product: 'Sessions', language: 'EN' },
    method: isOn ? ICalCalendarMethod.PUBLISH : ICalCalendarMethod.CANCEL,
  })
  if (booking.start && booking.end) {
    calendar.createEvent({
      id: `${booking.id}@presence`,
      sequence: booking.attempt,
      stamp: now(),
      start: new Date(booking.start),
      end: new Date(booking.end),
      summary: `Presence: ${booking.host.fullName} and ${booking.member.fullName || 'you'}`,
      description: `Join here, from 15 minutes before: ${publicUrl}/video-session?booking=${booking.id}`,
      url: `${publicUrl}/video-session?booking=${booking.id}`,
      status: isOn ? ICalEventStatus.CONFIRMED : ICalEventStatus.CANCELLED,
    })
  }
  return calendar.toString()
}
