// What a member does with a paid session before it begins, signed in.
import { z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import {
  answers,
  idOf,
  idParams,
  instant,
  jsonBody,
  participant,
  requireMember,
  requireSignedIn,
  route,
  router,
  type Who,
} from '../request.ts'
import { offerNearestTimes } from '../times/offer-nearest-times.ts'
import { type Booking, bookingsView, bookingView } from './booking-view.ts'
import { calendarRoutes } from './calendar-routes.ts'
import { cancelBooking } from './cancel-booking.ts'
import { hostBookingRoutes } from './host-routes.ts'
import { linkRoutes } from './link-routes.ts'
import { moveBooking } from './move-booking.ts'
import { readBooking, readBookings } from './read-bookings.ts'
import { scheduleBooking } from './schedule-booking.ts'

const params = idParams({ id: 'session' })
const choice = z.object({ bookingId: idOf('session'), hostId: idOf('host'), start: instant }).strict()

const show = (ctx: Context, who: Who, bookingId: string): Promise<Booking> =>
  readBooking(ctx.db, participant(who), bookingId)

export const bookingRoutes = router()
  .route('/', linkRoutes)
  .route('/', calendarRoutes)
  .route('/', hostBookingRoutes)
  .openapi(
    route({
      method: 'get',
      path: '/api/bookings',
      access: 'member',
      summary: "A member's sessions",
      responses: answers(bookingsView, 'Sessions by what can be done with them'),
    }),
    async (c) => c.json(await readBookings(c.get('ctx').db, requireMember(c).id), 200),
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/bookings/{id}',
      access: 'signed-in',
      summary: 'One session',
      request: { params },
      responses: answers(bookingView, 'The session'),
    }),
    async (c) => c.json(await show(c.get('ctx'), requireSignedIn(c), c.req.valid('param').id), 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/functions/v1/calcom-create-booking',
      access: 'member',
      summary: 'Choose a time for a paid session',
      request: { body: jsonBody(choice) },
      responses: answers(bookingView, 'The session with its time'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { id: memberId, timeZone } = requireMember(c)
      const { bookingId, hostId, start } = c.req.valid('json')
      const chosen = { bookingId, hostId, start: new Date(start), timeZone }
      await offerNearestTimes(ctx, chosen, () => scheduleBooking(ctx, { ...chosen, memberId }))
      return c.json(await show(ctx, requireSignedIn(c), bookingId), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/reschedule',
      access: 'member',
      summary: 'Move a session',
      request: { params, body: jsonBody(z.object({ start: instant }).strict()) },
      responses: answers(bookingView, 'The moved session'),
    }),
    async (c) => {
      const { id: bookingId } = c.req.valid('param')
      const { id: memberId, timeZone } = requireMember(c)
      const start = new Date(c.req.valid('json').start)
      await moveBooking(c.get('ctx'), { memberId, bookingId, start, timeZone })
      return c.json(await show(c.get('ctx'), requireSignedIn(c), bookingId), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/cancel',
      access: 'member',
      summary: 'Cancel a session',
      request: { params },
      responses: answers(bookingView, 'The session'),
    }),
    async (c) => {
      const { id: bookingId } = c.req.valid('param')
      await cancelBooking(c.get('ctx'), { memberId: requireMember(c).id, bookingId })
      return c.json(await show(c.get('ctx'), requireSignedIn(c), bookingId), 200)
    },
  )
