// One booking as Cal.com stores and answers it.
import type { SandboxContext } from '../core/provider.ts'

export type Attendee = {
  id: number
  name: string
  email: string
  timeZone: string
  language: string
  phoneNumber?: string
  absent: boolean
}

type Host = {
  id: number
  name: string
  email: string
  displayEmail: string
  username: string
  timeZone: string
}

export type Booking = {
  id: number
  uid: string
  title: string
  description: string
  hosts: [Host]
  status: 'accepted' | 'pending' | 'cancelled' | 'rejected'
  start: string
  end: string
  duration: number
  eventType: { id: number; slug: string }
  location: string
  /** Cal.com's own name of the place: `integrations:daily` for its video. */
  locationType: string
  absentHost: boolean
  createdAt: string
  updatedAt: string
  metadata: Record<string, string>
  attendees: [Attendee]
  guests: string[]
  bookingFieldsResponses: Record<string, unknown>
  icsUid: string
  icsSequence: number
  idempotencyKey: string
  cancellationReason?: string
  cancelledByEmail?: string
  rejectionReason?: string
  reschedulingReason?: string
  rescheduledByEmail?: string
  rescheduledFromUid?: string
  rescheduledToUid?: string
}

export const booking = (ctx: SandboxContext, uid: string) => ctx.store.get<Booking>('calcom.booking', uid)
export const bookings = (ctx: SandboxContext) => ctx.store.list<Booking>('calcom.booking')

export function keepBooking(ctx: SandboxContext, one: Booking) {
  ctx.store.put('calcom.booking', one.uid, one)
  ctx.changed('calcom.booking')
}

/** The answer of version 2024-08-13. */
export function bookingAnswer(one: Booking) {
  const {
    locationType: _type,
    icsSequence: _sequence,
    idempotencyKey: _key,
    rejectionReason: _reason,
    guests,
    ...shown
  } = one
  return {
    ...shown,
    ...(guests.length > 0 ? { guests } : {}),
    eventTypeId: one.eventType.id,
    meetingUrl: one.location,
    attendees: one.attendees.map(({ id: _id, ...attendee }) => ({
      ...attendee,
      displayEmail: attendee.email,
    })),
  }
}

/** The answer of version 2024-04-15, which a missing header selects. */
export function oldBookingAnswer(one: Booking) {
  return {
    id: one.id,
    uid: one.uid,
    title: one.title,
    description: one.description,
    startTime: one.start,
    endTime: one.end,
    status: one.status.toUpperCase(),
    eventTypeId: one.eventType.id,
    location: one.location,
    metadata: one.metadata,
    userPrimaryEmail: one.hosts[0].email,
    responses: one.bookingFieldsResponses,
    customInputs: null,
    recurringEventId: null,
    cancellationReason: one.cancellationReason ?? null,
    rejectionReason: one.rejectionReason ?? null,
    fromReschedule: one.rescheduledFromUid ?? null,
    user: {
      id: one.hosts[0].id,
      name: one.hosts[0].name,
      email: one.hosts[0].email,
      timeZone: one.hosts[0].timeZone,
    },
    attendees: one.attendees.map(({ name, email, timeZone, language }) => ({
      name,
      email,
      timeZone,
      locale: language,
    })),
    eventType: one.eventType,
  }
}
