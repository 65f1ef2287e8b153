// A host's free times for whoever looks, and the start that a member reserves while confirming it.
import { z } from '@hono/zod-openapi'
import { answers, done, idOf, idParams, instant, jsonBody, requireMember, route, router } from '../request.ts'
import { findBookableHost } from './find-bookable-host.ts'
import { findFreeTimes, findBookingToSchedule, slotsQuery } from './find-free-times.ts'
import { offerNearestTimes } from './offer-nearest-times.ts'
import { reservedTimeView, slotsView } from './free-times-view.ts'
import { calcomRoutes } from './calcom-routes.ts'
import { hoursRoutes } from './hours-routes.ts'
import { importedCalendarRoutes } from './imported-calendar-routes.ts'
import { cancelReservation, reserveTime } from './reserve-time.ts'

export const timesRoutes = router()
  .route('/', hoursRoutes)
  .route('/', calcomRoutes)
  .route('/', importedCalendarRoutes)
  .openapi(
    route({
      method: 'get',
      path: '/api/hosts/{id}/slots',
      access: 'public',
      summary: "A host's free times",
      request: {
        params: idParams({ id: 'host' }),
        query: slotsQuery.extend({ for: z.string().max(64).optional() }),
      },
      responses: answers(slotsView, 'Free starts in order'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const query = c.req.valid('query')
      const host = await findBookableHost(ctx.db, c.req.valid('param').id, c.get('who')?.member?.id)
      const booking = await findBookingToSchedule(ctx, c.get('who'), query.for)
      return c.json(await findFreeTimes(ctx, host, query, booking), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/reserve',
      access: 'member',
      summary: 'Reserve a start while confirming it',
      request: {
        params: idParams({ id: 'session' }),
        body: jsonBody(z.object({ hostId: idOf('host'), start: instant }).strict()),
      },
      responses: answers(reservedTimeView, 'Reserved until then'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { id: bookingId } = c.req.valid('param')
      const { id: memberId, timeZone } = requireMember(c)
      const { hostId, start: at } = c.req.valid('json')
      const start = new Date(at)
      const reserved = await offerNearestTimes(ctx, { hostId, bookingId, start, timeZone }, async () =>
        reserveTime(ctx, {
          bookingId,
          memberId,
          host: await findBookableHost(ctx.db, hostId, memberId),
          start,
          viewerTimeZones: [timeZone],
        }),
      )
      return c.json(reserved, 200)
    },
  )
  .openapi(
    route({
      method: 'delete',
      path: '/api/bookings/{id}/reserve',
      access: 'member',
      summary: 'Release a reserved start',
      request: { params: idParams({ id: 'session' }) },
      responses: done,
    }),
    async (c) => {
      const { id: bookingId } = c.req.valid('param')
      await cancelReservation(c.get('ctx'), { bookingId, memberId: requireMember(c).id })
      return c.json({ isDone: true as const }, 200)
    },
  )
