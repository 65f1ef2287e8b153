// /v2/bookings and below. Whoever knows a booking's uid may use it without a key, except for the host's own
// decisions.
import type { Operation, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { callerOf, isReachedBy } from './account.ts'
import { instant, isRecord, jsonBody, optionalText, Refusal, success, text } from './answers.ts'
import { book, knownBooking } from './book.ts'
import { tellNoShow } from './booking-hooks.ts'
import { listBookings } from './booking-list.ts'
import { byKey, placeOf, termsOf } from './booking-terms.ts'
import { bookingAnswer, keepBooking, oldBookingAnswer } from './booking.ts'
import { cancel, decide, reschedule } from './change-booking.ts'
import { operation } from './operation.ts'

const uidOf = (request: ProviderRequest) => request.params['uid'] ?? ''

/** For what only the owner of the calendar may do. */
function ownBooking(request: ProviderRequest, ctx: SandboxContext) {
  const one = knownBooking(ctx, uidOf(request))
  if (!isReachedBy(ctx, callerOf(ctx, request.headers['authorization']), one.hosts[0].id))
    throw new Refusal(403, 'BookingUidGuard - user is not allowed to access this booking')
  return one
}

function markAbsent(request: ProviderRequest, ctx: SandboxContext) {
  const body = jsonBody(request)
  const before = ownBooking(request, ctx)
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

/** The contract of 2024-04-15 required other fields, so a body of the present contract fails it. */
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
    handle: (request, ctx) => success(bookingAnswer(book(ctx, termsOf(request, ctx))), 201),
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
    handle: (request, ctx) => success(bookingAnswer(decide(ctx, ownBooking(request, ctx).uid, true))),
  }),
  operation({
    name: 'bookings.decline',
    method: 'POST',
    path: '/v2/bookings/:uid/decline',
    handle: (request, ctx) =>
      success(
        bookingAnswer(
          decide(
            ctx,
            ownBooking(request, ctx).uid,
            false,
            optionalText(jsonBody(request)['reason'], 'reason'),
          ),
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
      const before = ownBooking(request, ctx)
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
