// Moves, cancels, confirms and declines bookings. Runs inside the caller's transaction and throws refusals.
import { randomUUID } from 'node:crypto'
import { minuteMs } from '../core/durations.ts'
import type { SandboxContext } from '../core/provider.ts'
import { eventType, type EventType, nextId } from './account.ts'
import { Refusal } from './answers.ts'
import { checkTime, keepAhead, knownBooking, newUid, videoAddress } from './book.ts'
import { tellCancelled, tellCreated, tellRejected, tellRescheduled } from './booking-hooks.ts'
import { booking, keepBooking, type Booking } from './booking.ts'
import { unblock } from './calendar.ts'

const iso = (ms: number) => new Date(ms).toISOString()

/** Makes a new booking with a new uid; the old one is cancelled and names the new one. */
export function reschedule(
  ctx: SandboxContext,
  uid: string,
  terms: { startMs: number; reason?: string | undefined; by?: string | undefined | null; byKey: boolean },
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
  checkTime(ctx, type, terms.startMs, before.duration, { uid, ownReservations: terms.byKey })
  const newId = newUid()
  const now = iso(ctx.clock.now())
  // Null is somebody whom Cal.com does not know.
  const by = terms.by === null ? undefined : (terms.by ?? before.attendees[0].email)
  const after: Booking = {
    ...before,
    id: nextId(ctx, 'booking'),
    uid: newId,
    start: iso(terms.startMs),
    end: iso(terms.startMs + before.duration * minuteMs),
    status: type.requiresConfirmation ? 'pending' : 'accepted',
    createdAt: now,
    updatedAt: now,
    absentHost: false,
    // A place that only this booking had is lost with the move: Cal.com makes a room of its own again.
    ...(isOffered(type, before.location)
      ? { location: before.location, locationType: before.locationType }
      : { location: videoAddress(newId), locationType: 'integrations:daily' }),
    icsSequence: before.icsSequence + 1,
    idempotencyKey: randomUUID(),
    rescheduledFromUid: uid,
    rescheduledByEmail: by ?? '',
    reschedulingReason: terms.reason ?? '',
  }
  keepBooking(ctx, {
    ...before,
    status: 'cancelled',
    rescheduledToUid: newId,
    rescheduledByEmail: by ?? '',
    updatedAt: now,
  })
  unblock(ctx, before.hosts[0].id, uid)
  keepAhead(ctx, after)
  tellRescheduled(ctx, after, before)
  return after
}

/** Whether the event type offers this place to every booking. */
const isOffered = (type: EventType, location: string) =>
  type.locations.some((place) => Object.values(place).includes(location))

export function cancel(
  ctx: SandboxContext,
  uid: string,
  terms: { reason?: string | undefined; by?: string | undefined },
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
    cancellationReason: terms.reason ?? '',
    icsSequence: before.icsSequence + 1,
    ...(terms.by ? { cancelledByEmail: terms.by } : {}),
    updatedAt: iso(ctx.clock.now()),
  }
  keepBooking(ctx, one)
  unblock(ctx, one.hosts[0].id, uid)
  tellCancelled(ctx, one)
  return one
}

/** Records the host's answer to a booking that needs confirmation. */
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
