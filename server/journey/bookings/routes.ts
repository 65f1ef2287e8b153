// Free times, and everything a member does with a paid session before it begins.
import { z } from '@hono/zod-openapi'
import { isId } from '../../lib/ids.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { addDays } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { answers, idParam, jsonBody, participant, requireHost, requireMember, requireSignedIn, route, router, type Who } from '../request.ts'
import { calendarFile } from './calendar-file.ts'
import { cancelAsHost, cancelBooking } from './cancel-booking.ts'
import { moveBooking } from './move-booking.ts'
import { calendarOf, offeredTimes } from './find-offered-times.ts'
import { bookingView, type BookingView, readBooking, readMemberBookings } from './read-bookings.ts'
import { requestRefund } from './refund-booking.ts'
import { findBookableHost, scheduleBooking } from './schedule-booking.ts'

const instant = z.iso.datetime({ offset: true, error: 'must be a time like 2027-03-01T09:00:00Z' })
const start = z.object({ start: instant }).strict()

async function show(ctx: Context, who: Who, bookingId: string): Promise<BookingView> {
  const booking = isId(bookingId) ? await readBooking(ctx.db, participant(who), bookingId) : undefined
  if (!booking) throw notFound('session')
  return booking
}

export const bookingRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/hosts/{id}/slots',
      summary: "A host's free times",
      request: { params: idParam, query: z.object({ from: instant, to: instant, timeZone: z.string().max(64).optional() }) },
      responses: answers(
        z.object({ slots: z.array(z.object({ start: z.iso.datetime() })), sessionMinutes: z.int(), timeZone: z.string(), calendar: z.enum(['calcom', 'builtin']) }),
        'Free starts in order',
      ),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { from, to } = c.req.valid('query')
      const range = { from: new Date(from), to: new Date(to) }
      if (range.to <= range.from || range.to > addDays(range.from, 62)) {
        throw new Refusal('invalid_input', 'Please ask for a span of time of at most two months that ends after it begins.')
      }
      const ctx = c.get('ctx')
      const host = isId(id) ? await findBookableHost(ctx.db, id) : undefined
      if (!host) throw notFound('host')
      const starts = await offeredTimes(ctx, host, { ...range, sessionMinutes: 10 })
      return c.json(
        { slots: starts.map((time) => ({ start: time.toISOString() })), sessionMinutes: 10, timeZone: host.timeZone, calendar: calendarOf(host) },
        200,
      )
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/bookings',
      summary: "A member's sessions",
      responses: answers(z.object({ upcoming: z.array(bookingView), unused: z.array(bookingView), past: z.array(bookingView) }), 'Sessions by what can be done with them'),
    }),
    async (c) => {
      const all = await readMemberBookings(c.get('ctx').db, requireMember(c).id)
      const by = (a: string | null, b: string | null) => (a ?? '').localeCompare(b ?? '')
      return c.json(
        {
          upcoming: all.filter((booking) => booking.state === 'created').sort((a, b) => by(a.start, b.start)),
          unused: all.filter((booking) => booking.state === 'pending').sort((a, b) => by(a.validUntil, b.validUntil)),
          past: all.filter((booking) => booking.state !== 'created' && booking.state !== 'pending').sort((a, b) => by(b.completedAt ?? b.start, a.completedAt ?? a.start)),
        },
        200,
      )
    },
  )
  .openapi(
    route({ method: 'get', path: '/api/bookings/{id}', summary: 'One session', request: { params: idParam }, responses: answers(bookingView, 'The session') }),
    async (c) => c.json(await show(c.get('ctx'), requireSignedIn(c), c.req.valid('param').id), 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/functions/v1/calcom-create-booking',
      summary: 'Choose a time for a paid session',
      request: { body: jsonBody(z.object({ bookingId: z.string().max(64), hostId: z.string().max(64), start: instant }).strict()) },
      responses: answers(bookingView, 'The session with its time'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const member = requireMember(c)
      const { bookingId, hostId, start: at } = c.req.valid('json')
      if (!isId(bookingId)) throw notFound('session')
      if (!isId(hostId)) throw notFound('host')
      await scheduleBooking(ctx, { memberId: member.id, bookingId, hostId, start: new Date(at) })
      return c.json(await show(ctx, requireSignedIn(c), bookingId), 200)
    },
  )
  .openapi(
    route({ method: 'post', path: '/api/bookings/{id}/reschedule', summary: 'Move a session', request: { params: idParam, body: jsonBody(start) }, responses: answers(bookingView, 'The moved session') }),
    async (c) => {
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      if (!isId(id)) throw notFound('session')
      await moveBooking(c.get('ctx'), { memberId: member.id, bookingId: id, start: new Date(c.req.valid('json').start) })
      return c.json(await show(c.get('ctx'), requireSignedIn(c), id), 200)
    },
  )
  .openapi(
    route({ method: 'post', path: '/api/bookings/{id}/cancel', summary: 'Cancel a session', request: { params: idParam }, responses: answers(bookingView, 'The session') }),
    async (c) => {
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      if (!isId(id)) throw notFound('session')
      await cancelBooking(c.get('ctx'), { memberId: member.id, bookingId: id })
      return c.json(await show(c.get('ctx'), requireSignedIn(c), id), 200)
    },
  )
  .openapi(
    route({ method: 'post', path: '/api/bookings/{id}/refund', summary: 'Refund an unused session', request: { params: idParam }, responses: answers(bookingView, 'The session') }),
    async (c) => {
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      if (!isId(id)) throw notFound('session')
      await requestRefund(c.get('ctx'), { memberId: member.id, bookingId: id, reason: 'Asked for by the member' })
      return c.json(await show(c.get('ctx'), requireSignedIn(c), id), 200)
    },
  )
  .openapi(
    route({ method: 'post', path: '/api/host/bookings/{id}/cancel', summary: 'Cancel as the host', request: { params: idParam }, responses: answers(z.object({ isCancelled: z.literal(true) }), 'Cancelled') }),
    async (c) => {
      const { id } = c.req.valid('param')
      const host = requireHost(c)
      if (!isId(id)) throw notFound('session')
      await cancelAsHost(c.get('ctx'), { hostId: host.id, bookingId: id })
      return c.json({ isCancelled: true as const }, 200)
    },
  )

bookingRoutes.get('/api/bookings/:id/calendar.ics', async (c) => {
  const ctx = c.get('ctx')
  const booking = await show(ctx, requireSignedIn(c), c.req.param('id'))
  return c.body(calendarFile(booking, ctx.config.publicUrl), 200, {
    'content-type': 'text/calendar; charset=utf-8',
    'content-disposition': 'attachment; filename="presence-session.ics"',
  })
})
