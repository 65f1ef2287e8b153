// What a host does with a session before it begins.
import { z } from '@hono/zod-openapi'
import {
  answers,
  idParams,
  instant,
  jsonBody,
  participant,
  requireHost,
  requireSignedIn,
  route,
  router,
} from '../request.ts'
import { bookingView, cancelledView } from './booking-view.ts'
import { cancelAsHost } from './cancel-booking.ts'
import { moveBooking } from './move-booking.ts'
import { readBooking } from './read-bookings.ts'

const params = idParams({ id: 'session' })

export const hostBookingRoutes = router()
  .openapi(
    route({
      method: 'post',
      path: '/api/host/bookings/{id}/cancel',
      access: 'host',
      summary: 'Cancel as the host',
      request: { params },
      responses: answers(cancelledView, 'Cancelled'),
    }),
    async (c) => {
      const { id: bookingId } = c.req.valid('param')
      await cancelAsHost(c.get('ctx'), { hostId: requireHost(c).id, bookingId })
      return c.json({ isCancelled: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/bookings/{id}/reschedule',
      access: 'host',
      summary: 'Move a session as the host',
      request: { params, body: jsonBody(z.object({ start: instant }).strict()) },
      responses: answers(bookingView, 'The moved session'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { id: bookingId } = c.req.valid('param')
      const start = new Date(c.req.valid('json').start)
      await moveBooking(ctx, { hostId: requireHost(c).id, bookingId, start })
      return c.json(await readBooking(ctx.db, participant(requireSignedIn(c)), bookingId), 200)
    },
  )
