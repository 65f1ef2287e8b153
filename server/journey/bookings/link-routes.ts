// One session by the link of an SMS: seen, moved and cancelled without signing in.
import { z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { answers, done, instant, jsonBody, type Proof, route, router } from '../request.ts'
import { findBookableHost } from '../times/find-bookable-host.ts'
import { findFreeTimes, slotsQuery } from '../times/find-free-times.ts'
import { slotsView } from '../times/free-times-view.ts'
import { type Managed, managedView } from './booking-view.ts'
import { calendarAnswer, entryAnswer } from './calendar-routes.ts'
import { cancelAsHost, cancelBooking } from './cancel-booking.ts'
import { moveBooking } from './move-booking.ts'
import { openLink } from './open-link.ts'
import { readBooking } from './read-bookings.ts'

const params = z.object({ token: z.string().min(1).max(100) })

const byLink: Proof = {
  by: 'link',
  check: (c) => openLink(c.get('ctx'), c.req.param('token') ?? ''),
}

async function show(ctx: Context, token: string): Promise<Managed> {
  const { booking, role, timeZone } = await openLink(ctx, token)
  const who = role === 'host' ? { hostId: booking.hostId } : { memberId: booking.memberId }
  const view = await readBooking(ctx.db, who, booking.id)
  // Whoever has the phone may change its time; what was paid and written stays behind the sign-in.
  return {
    role,
    timeZone,
    booking: { ...view, receiptUrl: null, reflection: null },
  }
}

export const linkRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/manage/{token}',
      access: byLink,
      summary: 'One session, by the link of an SMS',
      request: { params },
      responses: answers(managedView, 'The session'),
    }),
    async (c) => c.json(await show(c.get('ctx'), c.req.valid('param').token), 200),
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/manage/{token}/slots',
      access: byLink,
      summary: 'Free times to move it to',
      request: { params, query: slotsQuery },
      responses: answers(slotsView, 'Free starts in order'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { booking } = await openLink(ctx, c.req.valid('param').token)
      const host = await findBookableHost(ctx.db, booking.hostId, booking.memberId)
      return c.json(await findFreeTimes(ctx, host, c.req.valid('query'), booking), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/manage/{token}/reschedule',
      access: byLink,
      summary: 'Move it',
      request: { params, body: jsonBody(z.object({ start: instant }).strict()) },
      responses: answers(managedView, 'The moved session'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { token } = c.req.valid('param')
      const { booking, role, timeZone } = await openLink(ctx, token)
      const who = role === 'host' ? { hostId: booking.hostId } : { memberId: booking.memberId }
      const start = new Date(c.req.valid('json').start)
      await moveBooking(ctx, { ...who, bookingId: booking.id, start, timeZone })
      return c.json(await show(ctx, token), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/manage/{token}/cancel',
      access: byLink,
      summary: 'Cancel it',
      request: { params },
      responses: done,
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { booking, role } = await openLink(ctx, c.req.valid('param').token)
      if (role === 'host') await cancelAsHost(ctx, { hostId: booking.hostId, bookingId: booking.id })
      else await cancelBooking(ctx, { memberId: booking.memberId, bookingId: booking.id })
      return c.json({ isDone: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/manage/{token}/calendar.ics',
      access: byLink,
      summary: 'It as a calendar file',
      request: { params },
      responses: calendarAnswer,
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { booking } = await openLink(ctx, c.req.valid('param').token)
      return entryAnswer(ctx, booking.id)
    },
  )
