// What Cal.com's webhooks say of a booking. https://cal.com/docs/developing/guides/automation/webhooks
import { Temporal } from 'temporal-polyfill'
import type { Booking } from './booking.ts'

const bookerUrl = 'https://cal.com'
const offsetMinutes = (zone: string, at: string) =>
  Temporal.Instant.from(at).toZonedDateTimeISO(zone).offsetNanoseconds / 60_000_000_000
export const withoutMs = (iso: string) => iso.replace('.000Z', 'Z')
export const withOffset = (iso: string) => iso.replace('.000Z', '+00:00')
const language = (locale: string) => ({ locale })

function organizer(one: Booking) {
  const [host] = one.hosts
  return {
    id: host.id,
    name: host.name,
    email: host.email,
    username: host.username,
    usernameInOrg: host.username,
    timeZone: host.timeZone,
    language: language('en'),
    timeFormat: 'h:mma',
    utcOffset: offsetMinutes(host.timeZone, one.start),
  }
}

function attendees(one: Booking) {
  const people = one.attendees.map(({ name, email, timeZone, language: locale, phoneNumber }) => {
    const [firstName = '', ...rest] = name.split(' ')
    return {
      email,
      name,
      firstName,
      lastName: rest.join(' '),
      timeZone,
      phoneNumber: phoneNumber ?? null,
      language: language(locale),
      utcOffset: offsetMinutes(timeZone, one.start),
    }
  })
  const guests = one.guests.map((email) => ({
    email,
    name: '',
    firstName: '',
    lastName: '',
    timeZone: one.attendees[0].timeZone,
    phoneNumber: null,
    language: language('en'),
    utcOffset: offsetMinutes(one.attendees[0].timeZone, one.start),
  }))
  return [...people, ...guests]
}

export function responses(one: Booking) {
  const [attendee] = one.attendees
  const field = (label: string, value?: unknown, isHidden = false) => ({
    label,
    ...(value === undefined ? {} : { value }),
    isHidden,
  })
  return {
    name: field('your_name', attendee.name),
    email: field('email_address', attendee.email),
    attendeePhoneNumber: field('phone_number', attendee.phoneNumber, true),
    location: field('location', { optionValue: '', value: one.locationType }),
    title: field('what_is_this_meeting_about', undefined, true),
    notes: field('additional_notes', one.bookingFieldsResponses['notes']),
    guests: field('additional_guests', one.guests),
    rescheduleReason: field('reason_for_reschedule', one.reschedulingReason),
  }
}

export function payload(one: Booking) {
  return {
    bookerUrl,
    title: one.title,
    startTime: withoutMs(one.start),
    endTime: withoutMs(one.end),
    additionalNotes: String(one.bookingFieldsResponses['notes'] ?? ''),
    type: one.eventType.slug,
    description: one.description,
    eventTypeId: one.eventType.id,
    hideCalendarNotes: false,
    hideCalendarEventDetails: false,
    hideOrganizerEmail: false,
    schedulingType: null,
    seatsPerTimeSlot: null,
    seatsShowAttendees: true,
    seatsShowAvailabilityCount: true,
    customReplyToEmail: null,
    disableRescheduling: false,
    disableCancelling: false,
    organizer: organizer(one),
    attendees: attendees(one),
    customInputs: {},
    responses: responses(one),
    userFieldsResponses: {},
    location: one.locationType,
    destinationCalendar: null,
    iCalUID: one.icsUid,
    iCalSequence: one.icsSequence,
    requiresConfirmation: one.status === 'pending',
    oneTimePassword: one.status === 'pending' ? one.idempotencyKey : null,
    organizationId: null,
    hashedLink: null,
    uid: one.uid,
    eventTitle: one.title.split(' between ')[0],
    eventDescription: '',
    price: 0,
    currency: 'usd',
    length: one.duration,
    bookingId: one.id,
    metadata: one.metadata,
    status: one.status.toUpperCase(),
  }
}

/** Fields that only a confirmed booking has: its video room. */
export function arranged(one: Booking) {
  return {
    conferenceData: { createRequest: { requestId: one.idempotencyKey } },
    videoCallData: { type: 'daily_video', id: one.uid, password: '', url: one.location },
    appsStatus: [{ appName: 'daily-video', type: 'daily_video', success: 1, failures: 0, errors: [] }],
    metadata: { ...one.metadata, videoCallUrl: one.location },
  }
}
