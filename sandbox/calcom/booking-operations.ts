// /v2/bookings and below. A booking's uid is a capability: these work without a key, but for the host's own
// decisions.
import type { Operation, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { namedEventType } from './account.ts'
import {
  instant,
  isRecord,
  jsonBody,
  optionalText,
  Refusal,
  success,
  text,
  timeZone,
  whole,
} from './answers.ts'
import { book, cancel, decide, knownBooking, reschedule } from './book.ts'
import type { Wish } from './book.ts'
import { listBookings } from './booking-list.ts'
import { bookingAnswer, keepBooking, oldBookingAnswer } from './booking.ts'
import { tellNoShow } from './hook-payload.ts'
import { operation } from './operation.ts'

const uidOf = (request: ProviderRequest) => request.params['uid'] ?? ''
const byKey = (request: ProviderRequest) => request.headers['authorization'] !== undefined

function wishOf(request: ProviderRequest, ctx: SandboxContext): Wish {
  const body = jsonBody(request)
  const startMs = instant(body['start'], 'start')
  const id = body['eventTypeId'] === undefined ? undefined : whole(body['eventTypeId'], 'eventTypeId')
  const slug = optionalText(body['eventTypeSlug'], 'eventTypeSlug')
  const username = optionalText(body['username'], 'username')
  if (id === undefined && !(slug && username)) {
    throw new Refusal(
      400,
      'Either eventTypeId or eventTypeSlug + username or eventTypeSlug + teamSlug must be provided',
    )
  }
  const { attendee } = body
  if (!isRecord(attendee)) throw new Refusal(400, 'attendee should not be null or undefined')
  const type = namedEventType(ctx, { id, slug, username })
  if (!type) {
    throw new Refusal(
      404,
      id === undefined
        ? `Event type with slug ${slug} belonging to user ${username} not found.`
        : `Event type with id ${id} not found.`,
    )
  }
  const lengthMinutes =
    body['lengthInMinutes'] === undefined
      ? type.lengthInMinutes
      : whole(body['lengthInMinutes'], 'lengthInMinutes')
  if (lengthMinutes !== type.lengthInMinutes && !type.lengthInMinutesOptions?.includes(lengthMinutes)) {
    throw new Refusal(
      400,
      `Can't specify 'lengthInMinutes' because event type does not have multiple possible lengths.`,
    )
  }
  const phoneNumber = optionalText(attendee['phoneNumber'], 'attendee.phoneNumber')
  const email = text(attendee['email'], 'attendee.email')
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) throw new Refusal(400, 'attendee.email must be an email')
  const responses = body['bookingFieldsResponses'] ?? {}
  if (!isRecord(responses)) throw new Refusal(400, 'bookingFieldsResponses must be an object')
  return {
    type,
    startMs,
    lengthMinutes,
    guests: guestsOf(body['guests']),
    metadata: metadataOf(body['metadata']),
    responses,
    attendee: {
      name: text(attendee['name'], 'attendee.name'),
      email,
      timeZone: timeZone(attendee['timeZone'], 'attendee.timeZone'),
      language: optionalText(attendee['language'], 'attendee.language') ?? 'en',
      ...(phoneNumber ? { phoneNumber } : {}),
    },
    location: placeOf(body['location'], type.locations) ?? optionalText(body['meetingUrl'], 'meetingUrl'),
    byKey: byKey(request),
  }
}

function guestsOf(value: unknown): string[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new Refusal(400, 'guests must be an array')
  return value.map((guest) => text(guest, 'guests'))
}

function metadataOf(value: unknown): Record<string, string> {
  if (value === undefined) return {}
  const rule =
    'Metadata must have at most 50 keys, each key up to 40 characters, and string values up to 500 characters.'
  if (!isRecord(value) || Object.keys(value).length > 50) throw new Refusal(400, rule)
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (name.length > 40 || typeof each !== 'string' || each.length > 500) throw new Refusal(400, rule)
      return [name, each]
    }),
  )
}

/** The address or text of a place; undefined for Cal.com's video. */
function placeOf(value: unknown, ofEventType: Record<string, unknown>[]): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string') return value
  if (!isRecord(value)) throw new Refusal(400, 'location must be an object')
  switch (value['type']) {
    case 'integration':
      return undefined
    case 'link':
      return String(ofEventType.find((place) => place['type'] === 'link')?.['link'] ?? '') || undefined
    case 'phone':
    case 'attendeePhone':
      return text(value['phone'], 'location.phone')
    case 'address':
    case 'attendeeAddress':
      return text(value['address'], 'location.address')
    case 'attendeeDefined':
      return text(value['location'], 'location.location')
    case 'organizersDefaultApp':
      return undefined
    default:
      throw new Refusal(400, `Unsupported location type ${String(value['type'])}`)
  }
}

function markAbsent(request: ProviderRequest, ctx: SandboxContext) {
  const body = jsonBody(request)
  const before = knownBooking(ctx, uidOf(request))
  const startMs = Date.parse(before.start)
  if (ctx.clock.now() < startMs) {
    const now = new Date(ctx.clock.now()).toISOString()
    throw new Refusal(
      400,
      'Bookings can only be marked as absent after their scheduled start time. ' +
        `Current time in UTC+0: ${now}, Booking start time in UTC+0: ${before.start}`,
    )
  }
  const marked = (Array.isArray(body['attendees']) ? body['attendees'] : [])
    .filter(isRecord)
    .map((each) => ({ email: text(each['email'], 'attendees.email'), absent: each['absent'] === true }))
  const [attendee] = before.attendees
  const absent = marked.find((each) => each.email === attendee.email)?.absent ?? attendee.absent
  const one = {
    ...before,
    attendees: [{ ...attendee, absent }] as typeof before.attendees,
    updatedAt: new Date(ctx.clock.now()).toISOString(),
    absentHost: typeof body['host'] === 'boolean' ? body['host'] : before.absentHost,
  }
  keepBooking(ctx, one)
  if (marked.length > 0) tellNoShow(ctx, one, marked)
  return success(bookingAnswer(one))
}

/** The contract of 2024-04-15 wanted other fields, so a body of today fails it. */
function older(): never {
  const errors = ['eventTypeId', 'timeZone', 'language', 'metadata', 'responses'].map((property) => ({
    property,
    children: [],
    constraints: { isNotEmpty: `${property} should not be empty` },
  }))
  throw new Refusal(400, 'Bad Request Exception', { errors })
}

export const bookingOperations: Operation[] = [
  operation({
    name: 'bookings.create',
    method: 'POST',
    path: '/v2/bookings',
    open: true,
    older,
    handle: (request, ctx) => success(bookingAnswer(book(ctx, wishOf(request, ctx))), 201),
  }),
  operation({
    name: 'bookings.list',
    method: 'GET',
    path: '/v2/bookings',
    handle: listBookings,
    older: () => {
      throw new Refusal(
        400,
        'filters.status must be one of: upcoming, recurring, past, cancelled, unconfirmed',
      )
    },
  }),
  operation({
    name: 'bookings.get',
    method: 'GET',
    path: '/v2/bookings/:uid',
    open: true,
    handle: (request, ctx) => success(bookingAnswer(knownBooking(ctx, uidOf(request)))),
    older: (request, ctx) => success(oldBookingAnswer(knownBooking(ctx, uidOf(request)))),
  }),
  operation({
    name: 'bookings.cancel',
    method: 'POST',
    path: '/v2/bookings/:uid/cancel',
    open: true,
    handle: (request, ctx) => {
      const reason = optionalText(jsonBody(request)['cancellationReason'], 'cancellationReason')
      return success(bookingAnswer(cancel(ctx, uidOf(request), { reason })))
    },
    older: (request, ctx) => {
      const reason = optionalText(jsonBody(request)['cancellationReason'], 'cancellationReason')
      const { id, uid } = cancel(ctx, uidOf(request), { reason })
      return success({
        onlyRemovedAttendee: false,
        bookingId: id,
        bookingUid: uid,
        message: 'Booking successfully cancelled.',
      })
    },
  }),
  operation({
    name: 'bookings.reschedule',
    method: 'POST',
    path: '/v2/bookings/:uid/reschedule',
    open: true,
    handle: (request, ctx) => {
      const body = jsonBody(request)
      const one = reschedule(ctx, uidOf(request), {
        startMs: instant(body['start'], 'start'),
        byKey: byKey(request),
        by: optionalText(body['rescheduledBy'], 'rescheduledBy'),
        reason: optionalText(body['reschedulingReason'], 'reschedulingReason'),
      })
      return success(bookingAnswer(one), 201)
    },
  }),
  operation({
    name: 'bookings.confirm',
    method: 'POST',
    path: '/v2/bookings/:uid/confirm',
    handle: (request, ctx) => success(bookingAnswer(decide(ctx, uidOf(request), true))),
  }),
  operation({
    name: 'bookings.decline',
    method: 'POST',
    path: '/v2/bookings/:uid/decline',
    handle: (request, ctx) =>
      success(
        bookingAnswer(
          decide(ctx, uidOf(request), false, optionalText(jsonBody(request)['reason'], 'reason')),
        ),
      ),
  }),
  operation({
    name: 'bookings.mark-absent',
    method: 'POST',
    path: '/v2/bookings/:uid/mark-absent',
    handle: markAbsent,
  }),
  operation({
    name: 'bookings.location',
    method: 'PATCH',
    path: '/v2/bookings/:uid/location',
    handle: (request, ctx) => {
      const before = knownBooking(ctx, uidOf(request))
      const place = placeOf(jsonBody(request)['location'], [])
      const location = place ?? before.location
      const one = {
        ...before,
        location,
        locationType: place ?? before.locationType,
        updatedAt: new Date(ctx.clock.now()).toISOString(),
      }
      keepBooking(ctx, one)
      return success(bookingAnswer(one))
    },
  }),
]
