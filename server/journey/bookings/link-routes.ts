// One session by the link of an SMS: seen, moved and cancelled without signing in.
import { z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { answers, jsonBody, route, router } from '../request.ts'
import { entryAnswer } from './calendar-routes.ts'
import { cancelAsHost, cancelBooking } from './cancel-booking.ts'
import { withNearestTimes } from '../times/find-nearest-times.ts'
import { findBookableHost } from '../times/find-bookable-host.ts'
import { freeTimes, instant, slots, slotsQuery } from '../times/routes.ts'
import { moveBooking } from './move-booking.ts'
import { openLink } from './open-link.ts'
import { bookingView, readBooking } from './read-bookings.ts'

const tokenParam = z.object({ token: z.string().min(1).max(100) })
const done = z.object({ isDone: z.literal(true) })
const managed = z.object({ role: z.enum(['member', 'host']), timeZone: z.string(), booking: bookingView })

async function showManaged(ctx: Context, token: string): Promise<z.infer<typeof managed>> {
  const { booking, role, timeZone } = await openLink(ctx, token)
  const view = await readBooking(
    ctx.db,
    role === 'host' ? { hostId: booking.hostId } : { memberId: booking.memberId },
    booking.id,
  )
  // Whoever holds a phone may change its time; what was paid and written stays behind the sign-in.
  return {
    role,
    timeZone,
    booking: { ...view, receiptUrl: null, reflection: null, calBookingUid: null, calBookingUrl: null },
  }
}

export const linkRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/manage/{token}',
      summary: 'One session, by the link of an SMS',
      request: { params: tokenParam },
      responses: answers(managed, 'The session'),
    }),
    async (c) => c.json(await showManaged(c.get('ctx'), c.req.valid('param').token), 200),
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/manage/{token}/slots',
      summary: 'Free times to move it to',
      request: { params: tokenParam, query: slotsQuery },
      responses: answers(slots, 'Free starts in order'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { booking } = await openLink(ctx, c.req.valid('param').token)
      return c.json(
        await freeTimes(ctx, await findBookableHost(ctx.db, booking.hostId), c.req.valid('query'), booking),
        200,
      )
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/manage/{token}/reschedule',
      summary: 'Move it',
      request: { params: tokenParam, body: jsonBody(z.object({ start: instant }).strict()) },
      responses: answers(managed, 'The moved session'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { token } = c.req.valid('param')
      const { booking, role, timeZone } = await openLink(ctx, token)
      const what = { bookingId: booking.id, start: new Date(c.req.valid('json').start), timeZone }
      const { hostId, memberId } = booking
      await withNearestTimes(ctx, { ...what, hostId }, () =>
        moveBooking(ctx, role === 'host' ? { ...what, hostId } : { ...what, memberId }),
      )
      return c.json(await showManaged(ctx, token), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/manage/{token}/cancel',
      summary: 'Cancel it',
      request: { params: tokenParam },
      responses: answers(done, 'Cancelled'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { booking, role } = await openLink(ctx, c.req.valid('param').token)
      if (role === 'host') await cancelAsHost(ctx, { hostId: booking.hostId, bookingId: booking.id })
      else await cancelBooking(ctx, { memberId: booking.memberId, bookingId: booking.id })
      return c.json({ isDone: true as const }, 200)
    },
  )

linkRoutes.get('/api/manage/:token/calendar.ics', async (c) => {
  const ctx = c.get('ctx')
  const { booking } = await openLink(ctx, c.req.param('token'))
  return entryAnswer(ctx, booking.id)
})
