// GET /v2/slots and the short reservations of a slot.
import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { dayMs, minuteMs } from '../core/durations.ts'
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { callerOf, eventType, isReachedBy, namedEventType } from './account.ts'
import type { EventType } from './account.ts'
import { instant, jsonBody, Refusal, success, timeZone, whole } from './answers.ts'
import {
  bookedOver,
  dropReservation,
  freeStarts,
  keepReservation,
  liveReservations,
  overlaps,
  reservation,
} from './calendar.ts'
import type { Reservation } from './calendar.ts'
import { operation } from './operation.ts'

const isMidnight = (ms: number) => ms % dayMs === 0

function list(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const { query } = request
  const get = (name: string) => query.get(name) ?? undefined
  const id = get('eventTypeId')
  const owner = get('teamSlug') ? `team/${get('teamSlug')}` : get('username')
  if (id === undefined && !(get('eventTypeSlug') && owner)) {
    throw new Refusal(400, 'Provide either eventTypeId, or eventTypeSlug and username')
  }
  const type = namedEventType(ctx, {
    id: id === undefined ? undefined : Number(id),
    slug: get('eventTypeSlug'),
    username: owner,
  })
  if (!type) throw new Refusal(404, 'Event Type not found')
  const startMs = instant(get('start'), 'start')
  const given = instant(get('end'), 'end')
  // Cal.com reads an end at midnight as the end of that day.
  const endMs = isMidnight(given) ? given + dayMs - 1000 : given
  if (endMs < startMs)
    throw new Refusal(400, "Invalid time range given - check the 'start' and 'end' query parameters.")
  const zone = get('timeZone') === undefined ? undefined : timeZone(get('timeZone'), 'timeZone')
  const lengthMinutes = get('duration') === undefined ? type.lengthInMinutes : Number(get('duration'))
  if (!(lengthMinutes > 0)) throw new Refusal(400, 'duration must be a positive number')
  const found = freeStarts(ctx, type, { startMs, endMs }, lengthMinutes, {
    uid: get('bookingUidToReschedule'),
  })
  const slots = found.map((ms) => ({
    start: local(ms, zone),
    ...(get('format') === 'range' ? { end: local(ms + lengthMinutes * minuteMs, zone) } : {}),
  }))
  return success(Object.groupBy(slots, (slot) => slot.start.slice(0, 10)))
}

/** `2050-09-05T09:00:00.000+02:00`, or `…Z` without a zone. */
function local(ms: number, zone: string | undefined): string {
  if (zone === undefined || zone === 'UTC') return new Date(ms).toISOString()
  return Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(zone)
    .toString({ timeZoneName: 'never', fractionalSecondDigits: 3 })
}

type ReservationRequest = {
  type: EventType
  startMs: number
  durationMinutes: number
  reservedMinutes: number
  byKey: boolean
}

function reservationRequest(request: ProviderRequest, ctx: SandboxContext): ReservationRequest {
  const body = jsonBody(request)
  const byKey = request.headers['authorization'] !== undefined
  if (body['reservationDuration'] !== undefined && !byKey) {
    throw new Refusal(
      401,
      'reservationDuration can only be used for authenticated requests - use access token, api key or OAuth credentials',
    )
  }
  const id = whole(body['eventTypeId'], 'eventTypeId')
  const type = eventType(ctx, id)
  if (!type) throw new Refusal(404, `Event Type with ID=${id} not found`)
  const caller = callerOf(ctx, request.headers['authorization'])
  if (body['reservationDuration'] !== undefined && !isReachedBy(ctx, caller, type.ownerId))
    throw new Refusal(403, 'reservationDuration can only be used by the owner of the event type')
  const startMs = instant(body['slotStart'], 'slotStart')
  const given = body['slotDuration']
  if (given !== undefined && !type.lengthInMinutesOptions) {
    throw new Refusal(
      400,
      "You passed 'slotDuration' but this event type is not a variable length event type.",
    )
  }
  const durationMinutes = given === undefined ? type.lengthInMinutes : whole(given, 'slotDuration')
  if (given !== undefined && !type.lengthInMinutesOptions?.includes(durationMinutes)) {
    throw new Refusal(400, "Provided 'slotDuration' is not one of the possible lengths for the event type.")
  }
  const reservedMinutes =
    body['reservationDuration'] === undefined ? 5 : whole(body['reservationDuration'], 'reservationDuration')
  return { type, startMs, durationMinutes, reservedMinutes, byKey }
}

/** Reserves the slot under `uid`, unless it is booked or reserved by somebody else. */
function reserve(ctx: SandboxContext, wanted: ReservationRequest, uid: string): ProviderAnswer['body'] {
  const span = { startMs: wanted.startMs, endMs: wanted.startMs + wanted.durationMinutes * minuteMs }
  if (bookedOver(ctx, wanted.type.ownerId, span))
    throw new Refusal(422, "Can't reserve a slot if the event is already booked.")
  const isReserved = liveReservations(ctx, wanted.type.ownerId).some(
    (other) => other.uid !== uid && overlaps(other, span),
  )
  if (isReserved)
    throw new Refusal(
      422,
      'This time slot is already reserved by another user. Please choose a different time.',
    )
  const one: Reservation = {
    ...span,
    uid,
    eventTypeId: wanted.type.id,
    accountId: wanted.type.ownerId,
    durationMinutes: wanted.durationMinutes,
    untilMs: ctx.clock.now() + wanted.reservedMinutes * minuteMs,
    byKey: wanted.byKey,
  }
  keepReservation(ctx, one)
  return { ...answer(one), reservationDuration: wanted.reservedMinutes }
}

const iso = (ms: number) => new Date(ms).toISOString()
const answer = (one: Reservation) => ({
  eventTypeId: one.eventTypeId,
  slotStart: iso(one.startMs),
  slotEnd: iso(one.endMs),
  slotDuration: one.durationMinutes,
  reservationUid: one.uid,
  reservationUntil: iso(one.untilMs),
})

export const slotOperations: Operation[] = [
  operation({ name: 'slots.list', method: 'GET', path: '/v2/slots', open: true, handle: list }),
  operation({
    name: 'slots.reservations.create',
    method: 'POST',
    path: '/v2/slots/reservations',
    open: true,
    handle: (request, ctx) => success(reserve(ctx, reservationRequest(request, ctx), randomUUID()), 201),
  }),
  operation({
    name: 'slots.reservations.get',
    method: 'GET',
    path: '/v2/slots/reservations/:uid',
    open: true,
    handle: (request, ctx) => {
      const one = reservation(ctx, request.params['uid'] ?? '')
      return success(one ? answer(one) : null)
    },
  }),
  operation({
    name: 'slots.reservations.update',
    method: 'PATCH',
    path: '/v2/slots/reservations/:uid',
    open: true,
    handle: (request, ctx) => {
      const uid = request.params['uid'] ?? ''
      if (!reservation(ctx, uid)) throw new Refusal(404, `Slot with uid=${uid} not found`)
      return success(reserve(ctx, reservationRequest(request, ctx), uid))
    },
  }),
  operation({
    name: 'slots.reservations.delete',
    method: 'DELETE',
    path: '/v2/slots/reservations/:uid',
    open: true,
    handle: (request, ctx) => {
      const uid = request.params['uid'] ?? ''
      if (!dropReservation(ctx, uid)) throw new Refusal(404, `Slot with uid=${uid} not found`)
      ctx.changed('calcom.reservation')
      return { status: 200, body: { status: 'success' } }
    },
  }),
]
