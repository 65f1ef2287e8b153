// Books a time. Runs inside the caller's transaction and throws refusals.
import { randomBytes, randomUUID } from 'node:crypto'
import { minuteMs } from '../core/durations.ts'
import type { SandboxContext } from '../core/provider.ts'
import { accountOf, nextId } from './account.ts'
import type { EventType } from './account.ts'
import { Refusal } from './answers.ts'
import { tellCreated, tellRequested } from './booking-hooks.ts'
import { booking, keepBooking } from './booking.ts'
import type { Attendee, Booking } from './booking.ts'
import { block, isFree } from './calendar.ts'
import type { Exclusions } from './calendar.ts'

export type BookingTerms = {
  type: EventType
  startMs: number
  lengthMinutes: number
  attendee: Omit<Attendee, 'id' | 'absent'>
  guests: string[]
  metadata: Record<string, string>
  responses: Record<string, unknown>
  /** The place that was asked for; Cal.com's video when undefined. */
  location: string | undefined
  /** The request carried the API key. */
  byKey: boolean
}

const taken = 'User either already has booking at this time or is not available'
const outOfBounds =
  'The event type can\'t be booked at the "start" time provided. This could be because it\'s too soon (violating the ' +
  "minimum booking notice) or too far in the future (outside the event's scheduling window). Try fetching available slots first " +
  'using the GET /v2/slots endpoint and then make a booking with "start" time equal to one of the available slots: ' +
  'https://cal.com/docs/api-reference/v2/slots'
const iso = (ms: number) => new Date(ms).toISOString()

/** 22 characters as Cal.com's short ids have them. */
export const newUid = () =>
  Array.from(
    randomBytes(22),
    (byte) => '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'[byte % 58],
  ).join('')

export function knownBooking(ctx: SandboxContext, uid: string): Booking {
  const one = booking(ctx, uid)
  if (!one) throw new Refusal(404, `Booking with uid=${uid} was not found in the database`)
  return one
}

export function checkTime(
  ctx: SandboxContext,
  type: EventType,
  startMs: number,
  lengthMinutes: number,
  except: Exclusions,
) {
  const now = ctx.clock.now()
  if (startMs < now) throw new Refusal(400, 'Attempting to book a meeting in the past.')
  if (startMs < now + type.minimumBookingNotice * minuteMs) throw new Refusal(400, outOfBounds)
  if (!isFree(ctx, type, { startMs, endMs: startMs + lengthMinutes * minuteMs }, except))
    throw new Refusal(400, taken)
}

export function book(ctx: SandboxContext, terms: BookingTerms): Booking {
  const { type, startMs, lengthMinutes, attendee } = terms
  checkTime(ctx, type, startMs, lengthMinutes, { ownReservations: terms.byKey })
  const host = accountOf(ctx, type.ownerId)
  if (!host) throw new Refusal(400, taken)
  const uid = newUid()
  const now = iso(ctx.clock.now())
  const one: Booking = {
    id: nextId(ctx, 'booking'),
    uid,
    title: `${type.title} between ${host.name} and ${attendee.name}`,
    description: '',
    hosts: [
      {
        id: host.id,
        name: host.name,
        email: host.email,
        displayEmail: host.email,
        username: host.username,
        timeZone: host.timeZone,
      },
    ],
    status: type.requiresConfirmation ? 'pending' : 'accepted',
    start: iso(startMs),
    end: iso(startMs + lengthMinutes * minuteMs),
    duration: lengthMinutes,
    eventType: { id: type.id, slug: type.slug },
    location: terms.location ?? videoAddress(uid),
    locationType: terms.location ?? 'integrations:daily',
    absentHost: false,
    createdAt: now,
    updatedAt: now,
    metadata: terms.metadata,
    attendees: [{ ...attendee, id: nextId(ctx, 'attendee'), absent: false }],
    guests: terms.guests,
    bookingFieldsResponses: {
      ...terms.responses,
      email: attendee.email,
      displayEmail: attendee.email,
      name: attendee.name,
    },
    icsUid: `${uid}@Cal.com`,
    icsSequence: 0,
    idempotencyKey: randomUUID(),
  }
  keepAhead(ctx, one)
  if (one.status === 'pending') tellRequested(ctx, one)
  else tellCreated(ctx, one)
  return one
}

export const videoAddress = (uid: string) => `https://app.cal.com/video/${uid}`

/** Stores a coming booking, blocks its time and schedules its start and end. */
export function keepAhead(ctx: SandboxContext, one: Booking) {
  const span = { startMs: Date.parse(one.start), endMs: Date.parse(one.end) }
  keepBooking(ctx, one)
  block(ctx, one.hosts[0].id, one.uid, span)
  ctx.schedule('calcom', 'meeting-started', span.startMs, { uid: one.uid })
  ctx.schedule('calcom', 'meeting-ended', span.endMs, { uid: one.uid })
}
