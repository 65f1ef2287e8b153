// Booking, moving and cancelling: what each changes and whom it tells. Inside the caller's transaction;
// refusals are thrown.
import { randomBytes, randomUUID } from 'node:crypto'
import type { SandboxContext } from '../core/provider.ts'
import { accountOf, eventType, nextId } from './account.ts'
import type { EventType } from './account.ts'
import { Refusal } from './answers.ts'
import { booking, keepBooking } from './booking.ts'
import type { Attendee, Booking } from './booking.ts'
import { block, isFree, unblock } from './calendar.ts'
import type { Without } from './calendar.ts'
import { tellCancelled, tellCreated, tellRejected, tellRequested, tellRescheduled } from './hook-payload.ts'

export type Wish = {
  type: EventType
  startMs: number
  lengthMinutes: number
  attendee: Omit<Attendee, 'id' | 'absent'>
  guests: string[]
  metadata: Record<string, string>
  responses: Record<string, unknown>
  /** A given place; Cal.com's video without. */
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
const minuteMs = 60_000
const iso = (ms: number) => new Date(ms).toISOString()

/** 22 characters as Cal.com's short ids have them. */
const newUid = () =>
  Array.from(
    randomBytes(22),
    (byte) => '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'[byte % 58],
  ).join('')

export function knownBooking(ctx: SandboxContext, uid: string): Booking {
  const one = booking(ctx, uid)
  if (!one) throw new Refusal(404, `Booking with uid=${uid} was not found in the database`)
  return one
}

function checkTime(
  ctx: SandboxContext,
  type: EventType,
  startMs: number,
  lengthMinutes: number,
  except: Without,
) {
  const now = ctx.clock.now()
  if (startMs < now) throw new Refusal(400, 'Attempting to book a meeting in the past.')
  if (startMs < now + type.minimumBookingNotice * minuteMs) throw new Refusal(400, outOfBounds)
  if (!isFree(ctx, type, { startMs, endMs: startMs + lengthMinutes * minuteMs }, except))
    throw new Refusal(400, taken)
}

export function book(ctx: SandboxContext, wish: Wish): Booking {
  const { type, startMs, lengthMinutes, attendee } = wish
  checkTime(ctx, type, startMs, lengthMinutes, { ownReservations: wish.byKey })
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
    location: wish.location ?? videoAddress(uid),
    locationType: wish.location ?? 'integrations:daily',
    absentHost: false,
    createdAt: now,
    updatedAt: now,
    metadata: wish.metadata,
    attendees: [{ ...attendee, id: nextId(ctx, 'attendee'), absent: false }],
    guests: wish.guests,
    bookingFieldsResponses: {
      ...wish.responses,
      email: attendee.email,
      displayEmail: attendee.email,
      name: attendee.name,
    },
    icsUid: `${uid}@Cal.com`,
    icsSequence: 0,
    idempotencyKey: randomUUID(),
  }
  settle(ctx, one)
  if (one.status === 'pending') tellRequested(ctx, one)
  else tellCreated(ctx, one)
  return one
}

const videoAddress = (uid: string) => `https://app.cal.com/video/${uid}`

/** Keeps a booking that lies ahead, with its time blocked and its start and end to come. */
function settle(ctx: SandboxContext, one: Booking) {
  const span = { startMs: Date.parse(one.start), endMs: Date.parse(one.end) }
  keepBooking(ctx, one)
  block(ctx, one.hosts[0].id, one.uid, span)
  ctx.schedule('calcom', 'meeting-started', span.startMs, { uid: one.uid })
  ctx.schedule('calcom', 'meeting-ended', span.endMs, { uid: one.uid })
}

/** A new booking with a new uid; the old one turns cancelled and names it. */
export function reschedule(
  ctx: SandboxContext,
  uid: string,
  wish: { startMs: number; reason?: string | undefined; by?: string | undefined; byKey: boolean },
): Booking {
  const before = knownBooking(ctx, uid)
  if (before.status === 'cancelled') {
    const words = before.rescheduledToUid
      ? `it has been cancelled and rescheduled already to booking with uid=${before.rescheduledToUid}. You probably want to reschedule ` +
        `${before.rescheduledToUid} instead by passing it within the request URL.`
      : 'it has been cancelled. Please provide uid of a booking that is not cancelled.'
    throw new Refusal(400, `Can't reschedule booking with uid=${uid} because ${words}`)
  }
  const type = eventType(ctx, before.eventType.id)
  if (!type) throw new Refusal(404, `Event type with id ${before.eventType.id} not found.`)
  checkTime(ctx, type, wish.startMs, before.duration, { uid, ownReservations: wish.byKey })
  const newId = newUid()
  const now = iso(ctx.clock.now())
  const by = wish.by ?? before.attendees[0].email
  const after: Booking = {
    ...before,
    id: nextId(ctx, 'booking'),
    uid: newId,
    start: iso(wish.startMs),
    end: iso(wish.startMs + before.duration * minuteMs),
    status: type.requiresConfirmation ? 'pending' : 'accepted',
    createdAt: now,
    updatedAt: now,
    absentHost: false,
    location: before.location === videoAddress(uid) ? videoAddress(newId) : before.location,
    icsSequence: before.icsSequence + 1,
    idempotencyKey: randomUUID(),
    rescheduledFromUid: uid,
    rescheduledByEmail: by,
    reschedulingReason: wish.reason ?? '',
  }
  keepBooking(ctx, {
    ...before,
    status: 'cancelled',
    rescheduledToUid: newId,
    rescheduledByEmail: by,
    updatedAt: now,
  })
  unblock(ctx, before.hosts[0].id, uid)
  settle(ctx, after)
  tellRescheduled(ctx, after, before)
  return after
}

export function cancel(
  ctx: SandboxContext,
  uid: string,
  wish: { reason?: string | undefined; by?: string | undefined },
): Booking {
  const before = booking(ctx, uid)
  if (!before) throw new Refusal(404, `Booking with uid=${uid} not found`)
  if (before.status === 'cancelled' || before.status === 'rejected')
    throw new Refusal(400, 'This booking has already been cancelled')
  if (Date.parse(before.end) <= ctx.clock.now())
    throw new Refusal(400, 'Cannot cancel a booking that has already ended')
  const one: Booking = {
    ...before,
    status: 'cancelled',
    cancellationReason: wish.reason ?? '',
    icsSequence: before.icsSequence + 1,
    ...(wish.by ? { cancelledByEmail: wish.by } : {}),
    updatedAt: iso(ctx.clock.now()),
  }
  keepBooking(ctx, one)
  unblock(ctx, one.hosts[0].id, uid)
  tellCancelled(ctx, one)
  return one
}

/** The host's answer to a booking that needs one. */
export function decide(ctx: SandboxContext, uid: string, isAccepted: boolean, reason?: string): Booking {
  const before = knownBooking(ctx, uid)
  if (before.status !== 'pending')
    throw new Refusal(400, `Booking with uid=${uid} is not awaiting confirmation`)
  const one: Booking = {
    ...before,
    status: isAccepted ? 'accepted' : 'rejected',
    updatedAt: iso(ctx.clock.now()),
    ...(isAccepted ? {} : { rejectionReason: reason ?? '' }),
  }
  keepBooking(ctx, one)
  if (isAccepted) tellCreated(ctx, one)
  else {
    unblock(ctx, one.hosts[0].id, uid)
    tellRejected(ctx, one)
  }
  return one
}
