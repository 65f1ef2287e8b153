// What its two people do with a paid session before it begins, signed in.
import { z } from '@hono/zod-openapi'
import { isId } from '../../lib/ids.ts'
import { notFound } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import {
  answers,
  idParam,
  jsonBody,
  participant,
  requireHost,
  requireMember,
  requireSignedIn,
  route,
  router,
  type Who,
} from '../request.ts'
import { calendarRoutes } from './calendar-routes.ts'
import { cancelAsHost, cancelBooking } from './cancel-booking.ts'
import { withNearestTimes } from '../times/find-nearest-times.ts'
import { instant } from '../times/routes.ts'
import { linkRoutes } from './link-routes.ts'
import { moveBooking, type Moving } from './move-booking.ts'
import { bookingView, type BookingView, readBooking, readMemberBookings } from './read-bookings.ts'
import { scheduleBooking } from './schedule-booking.ts'

const start = z.object({ start: instant }).strict()

async function show(ctx: Context, who: Who, bookingId: string): Promise<BookingView> {
  if (!isId(bookingId)) throw notFound('session')
  return readBooking(ctx.db, participant(who), bookingId)
}

async function move(ctx: Context, moving: Moving): Promise<void> {
  const booking = await ctx.db
    .selectFrom('bookings')
    .select('hostId')
    .where('id', '=', moving.bookingId)
    .executeTakeFirst()
  if (!booking) throw notFound('session')
  await withNearestTimes(ctx, { ...moving, hostId: booking.hostId }, () => moveBooking(ctx, moving))
}

export const bookingRoutes = router()
  .route('/', linkRoutes)
  .route('/', calendarRoutes)
  .openapi(
    route({
      method: 'get',
      path: '/api/bookings',
      summary: "A member's sessions",
      responses: answers(
        z.object({
          upcoming: z.array(bookingView),
          unused: z.array(bookingView),
          past: z.array(bookingView),
        }),
        'Sessions by what can be done with them',
      ),
    }),
    async (c) => {
      const all = await readMemberBookings(c.get('ctx').db, requireMember(c).id)
      const by = (a: string | null, b: string | null) => (a ?? '').localeCompare(b ?? '')
      return c.json(
        {
          upcoming: all
            .filter((booking) => booking.state === 'created' && booking.outcome !== 'unknown')
            .sort((a, b) => by(a.start, b.start)),
          unused: all
            .filter((booking) => booking.state === 'pending')
            .sort((a, b) => by(a.validUntil, b.validUntil)),
          // A session whose attendance an operator still has to decide lies in the past all the same.
          past: all
            .filter(
              (booking) =>
                booking.outcome === 'unknown' || (booking.state !== 'created' && booking.state !== 'pending'),
            )
            .sort((a, b) => by(b.completedAt ?? b.start, a.completedAt ?? a.start)),
        },
        200,
      )
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/bookings/{id}',
      summary: 'One session',
      request: { params: idParam },
      responses: answers(bookingView, 'The session'),
    }),
    async (c) => c.json(await show(c.get('ctx'), requireSignedIn(c), c.req.valid('param').id), 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/functions/v1/calcom-create-booking',
      summary: 'Choose a time for a paid session',
      request: {
        body: jsonBody(
          z.object({ bookingId: z.string().max(64), hostId: z.string().max(64), start: instant }).strict(),
        ),
      },
      responses: answers(bookingView, 'The session with its time'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const member = requireMember(c)
      const { bookingId, hostId, start: at } = c.req.valid('json')
      if (!isId(bookingId)) throw notFound('session')
      if (!isId(hostId)) throw notFound('host')
      const wanted = { bookingId, hostId, start: new Date(at), timeZone: member.timeZone }
      await withNearestTimes(ctx, wanted, () => scheduleBooking(ctx, { ...wanted, memberId: member.id }))
      return c.json(await show(ctx, requireSignedIn(c), bookingId), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/reschedule',
      summary: 'Move a session',
      request: { params: idParam, body: jsonBody(start) },
      responses: answers(bookingView, 'The moved session'),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      if (!isId(id)) throw notFound('session')
      await move(c.get('ctx'), {
        memberId: member.id,
        bookingId: id,
        start: new Date(c.req.valid('json').start),
        timeZone: member.timeZone,
      })
      return c.json(await show(c.get('ctx'), requireSignedIn(c), id), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/cancel',
      summary: 'Cancel a session',
      request: { params: idParam },
      responses: answers(bookingView, 'The session'),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      if (!isId(id)) throw notFound('session')
      await cancelBooking(c.get('ctx'), { memberId: member.id, bookingId: id })
      return c.json(await show(c.get('ctx'), requireSignedIn(c), id), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/bookings/{id}/cancel',
      summary: 'Cancel as the host',
      request: { params: idParam },
      responses: answers(z.object({ isCancelled: z.literal(true) }), 'Cancelled'),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const host = requireHost(c)
      if (!isId(id)) throw notFound('session')
      await cancelAsHost(c.get('ctx'), { hostId: host.id, bookingId: id })
      return c.json({ isCancelled: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/bookings/{id}/reschedule',
      summary: 'Move a session as the host',
      request: { params: idParam, body: jsonBody(start) },
      responses: answers(bookingView, 'The moved session'),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const host = requireHost(c)
      if (!isId(id)) throw notFound('session')
      await move(c.get('ctx'), { hostId: host.id, bookingId: id, start: new Date(c.req.valid('json').start) })
      return c.json(await show(c.get('ctx'), requireSignedIn(c), id), 200)
    },
  )
