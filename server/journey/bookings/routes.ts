// Free times, and everything its two people do with a paid session before it begins: signed in, or by the link of an SMS.
import { z } from '@hono/zod-openapi'
import { isId } from '../../lib/ids.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { addDays, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { answers, idParam, jsonBody, participant, requireHost, requireMember, requireSignedIn, route, router, type Who } from '../request.ts'
import { isTimeZone } from '../members/member.ts'
import { calendarFeed, calendarFile } from './calendar-file.ts'
import { cancelAsHost, cancelBooking } from './cancel-booking.ts'
import { claimTime, leaveClaim } from './claim-time.ts'
import { withNearestTimes } from './find-nearest-times.ts'
import { calendarOf, type HostRow, offeredTimes } from './find-offered-times.ts'
import { moveBooking, type Moving } from './move-booking.ts'
import { openLink } from './open-link.ts'
import { bookingView, type BookingView, readBooking, readMemberBookings } from './read-bookings.ts'
import { createFeed, findFeed, type Person, readCalendarEntry, readFeed, withdrawFeed } from './read-calendar-entries.ts'
import { requestRefund } from './refund-booking.ts'
import { findBookableHost, scheduleBooking } from './schedule-booking.ts'

const instant = z.iso.datetime({ offset: true, error: 'must be a time like 2027-03-01T09:00:00Z' })
const start = z.object({ start: instant }).strict()

async function show(ctx: Context, who: Who, bookingId: string): Promise<BookingView> {
  const booking = isId(bookingId) ? await readBooking(ctx.db, participant(who), bookingId) : undefined
  if (!booking) throw notFound('session')
  return booking
}

const slots = z.object({
  slots: z.array(z.object({ start: z.iso.datetime() })),
  sessionMinutes: z.int(),
  timeZone: z.string(),
  calendar: z.enum(['calcom', 'builtin']),
})
const slotsQuery = z.object({
  from: instant,
  to: instant,
  /** Whose clock the starts are rounded on; the host's by default. */
  timeZone: z.string().max(64).refine(isTimeZone, 'must be a time zone like Australia/Sydney').optional(),
})

async function freeTimes(ctx: Context, host: HostRow, query: z.infer<typeof slotsQuery>, exceptBookingId?: string): Promise<z.infer<typeof slots>> {
  const { from, to } = { from: new Date(query.from), to: new Date(query.to) }
  if (to <= from || to > addDays(from, 62)) {
    throw new Refusal('invalid_input', 'Please ask for a span of time of at most two months that ends after it begins.')
  }
  const starts = await offeredTimes(ctx, host, {
    from,
    to,
    sessionMinutes: 10,
    ...(query.timeZone ? { viewerTimeZone: query.timeZone } : {}),
    ...(exceptBookingId ? { exceptBookingId } : {}),
  })
  return { slots: starts.map((time) => ({ start: time.toISOString() })), sessionMinutes: 10, timeZone: host.timeZone, calendar: calendarOf(host) }
}

/** The session this person is choosing a time for, if it is theirs: it does not stand in its own way. */
async function ownBookingId(ctx: Context, who: Who | null, bookingId: string | undefined): Promise<string | undefined> {
  if (!who || !bookingId || !isId(bookingId)) return undefined
  const booking = await ctx.db.selectFrom('bookings').select(['memberId', 'hostId']).where('id', '=', bookingId).executeTakeFirst()
  return booking && (booking.memberId === who.member?.id || booking.hostId === who.host?.id) ? bookingId : undefined
}

function personOf(who: Who): Person {
  if (who.host) return { hostId: who.host.id }
  if (who.member) return { memberId: who.member.id }
  throw new Refusal('not_allowed', 'Only members and hosts have sessions to subscribe to.')
}

function fileAnswer(text: string, name?: string): Response {
  return new Response(text, {
    headers: {
      'content-type': 'text/calendar; charset=utf-8',
      'cache-control': 'private, no-cache',
      ...(name ? { 'content-disposition': `attachment; filename="${name}"` } : {}),
    },
  })
}

const claim = z.object({ start: z.iso.datetime(), releaseAt: z.iso.datetime() })
const tokenParam = z.object({ token: z.string().min(1).max(100) })
const feed = z.object({ feed: z.object({ url: z.string(), webcalUrl: z.string() }).nullable() })
const done = z.object({ isDone: z.literal(true) })
const managed = z.object({ role: z.enum(['member', 'host']), timeZone: z.string(), booking: bookingView })

async function showManaged(ctx: Context, token: string): Promise<z.infer<typeof managed>> {
  const { booking, role, timeZone } = await openLink(ctx, token)
  const view = await readBooking(ctx.db, role === 'host' ? { hostId: booking.hostId } : { memberId: booking.memberId }, booking.id)
  if (!view) throw notFound('session')
  // Whoever holds a phone may change its time; what was paid and written stays behind the sign-in.
  return { role, timeZone, booking: { ...view, receiptUrl: null, reflection: null, calBookingUid: null, calBookingUrl: null } }
}

export const bookingRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/hosts/{id}/slots',
      summary: "A host's free times",
      request: { params: idParam, query: slotsQuery.extend({ for: z.string().max(64).optional() }) },
      responses: answers(slots, 'Free starts in order'),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const query = c.req.valid('query')
      const ctx = c.get('ctx')
      const host = isId(id) ? await findBookableHost(ctx.db, id) : undefined
      if (!host) throw notFound('host')
      return c.json(await freeTimes(ctx, host, query, await ownBookingId(ctx, c.get('who'), query.for)), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/reserve',
      summary: 'Keep a start from others while confirming it',
      request: { params: idParam, body: jsonBody(z.object({ hostId: z.string().max(64), start: instant }).strict()) },
      responses: answers(claim, 'Kept until then'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      const { hostId, start: at } = c.req.valid('json')
      if (!isId(id)) throw notFound('session')
      if (!isId(hostId)) throw notFound('host')
      const kept = await withNearestTimes(ctx, hostId, new Date(at), async () =>
        claimTime(ctx, {
          bookingId: id,
          memberId: member.id,
          host: await findBookableHost(ctx.db, hostId),
          start: new Date(at),
          sessionMinutes: 10,
          viewerTimeZones: [member.timeZone],
        }),
      )
      return c.json({ start: kept.start.toISOString(), releaseAt: kept.releaseAt.toISOString() }, 200)
    },
  )
  .openapi(
    route({ method: 'delete', path: '/api/bookings/{id}/reserve', summary: 'Let a kept start go', request: { params: idParam }, responses: answers(done, 'Let go') }),
    async (c) => {
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      if (!isId(id)) throw notFound('session')
      await leaveClaim(c.get('ctx'), { bookingId: id, memberId: member.id })
      return c.json({ isDone: true as const }, 200)
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
          upcoming: all.filter((booking) => booking.state === 'created' && booking.outcome !== 'unknown').sort((a, b) => by(a.start, b.start)),
          unused: all.filter((booking) => booking.state === 'pending').sort((a, b) => by(a.validUntil, b.validUntil)),
          // A session whose attendance an operator still has to decide lies in the past all the same.
          past: all.filter((booking) => booking.outcome === 'unknown' || (booking.state !== 'created' && booking.state !== 'pending')).sort((a, b) => by(b.completedAt ?? b.start, a.completedAt ?? a.start)),
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
      await withNearestTimes(ctx, hostId, new Date(at), () =>
        scheduleBooking(ctx, { memberId: member.id, bookingId, hostId, start: new Date(at), timeZone: member.timeZone }),
      )
      return c.json(await show(ctx, requireSignedIn(c), bookingId), 200)
    },
  )
  .openapi(
    route({ method: 'post', path: '/api/bookings/{id}/reschedule', summary: 'Move a session', request: { params: idParam, body: jsonBody(start) }, responses: answers(bookingView, 'The moved session') }),
    async (c) => {
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      if (!isId(id)) throw notFound('session')
      await move(c.get('ctx'), { memberId: member.id, bookingId: id, start: new Date(c.req.valid('json').start), timeZone: member.timeZone })
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
  .openapi(
    route({ method: 'post', path: '/api/host/bookings/{id}/reschedule', summary: 'Move a session as the host', request: { params: idParam, body: jsonBody(start) }, responses: answers(bookingView, 'The moved session') }),
    async (c) => {
      const { id } = c.req.valid('param')
      const host = requireHost(c)
      if (!isId(id)) throw notFound('session')
      await move(c.get('ctx'), { hostId: host.id, bookingId: id, start: new Date(c.req.valid('json').start) })
      return c.json(await show(c.get('ctx'), requireSignedIn(c), id), 200)
    },
  )
  .openapi(
    route({ method: 'get', path: '/api/manage/{token}', summary: 'One session, by the link of an SMS', request: { params: tokenParam }, responses: answers(managed, 'The session') }),
    async (c) => c.json(await showManaged(c.get('ctx'), c.req.valid('param').token), 200),
  )
  .openapi(
    route({ method: 'get', path: '/api/manage/{token}/slots', summary: 'Free times to move it to', request: { params: tokenParam, query: slotsQuery }, responses: answers(slots, 'Free starts in order') }),
    async (c) => {
      const ctx = c.get('ctx')
      const { booking } = await openLink(ctx, c.req.valid('param').token)
      return c.json(await freeTimes(ctx, await findBookableHost(ctx.db, booking.hostId), c.req.valid('query'), booking.id), 200)
    },
  )
  .openapi(
    route({ method: 'post', path: '/api/manage/{token}/reschedule', summary: 'Move it', request: { params: tokenParam, body: jsonBody(start) }, responses: answers(managed, 'The moved session') }),
    async (c) => {
      const ctx = c.get('ctx')
      const { token } = c.req.valid('param')
      const { booking, role, timeZone } = await openLink(ctx, token)
      const what = { bookingId: booking.id, start: new Date(c.req.valid('json').start), timeZone }
      await move(ctx, role === 'host' ? { ...what, hostId: booking.hostId } : { ...what, memberId: booking.memberId })
      return c.json(await showManaged(ctx, token), 200)
    },
  )
  .openapi(
    route({ method: 'post', path: '/api/manage/{token}/cancel', summary: 'Cancel it', request: { params: tokenParam }, responses: answers(done, 'Cancelled') }),
    async (c) => {
      const ctx = c.get('ctx')
      const { booking, role } = await openLink(ctx, c.req.valid('param').token)
      if (role === 'host') await cancelAsHost(ctx, { hostId: booking.hostId, bookingId: booking.id })
      else await cancelBooking(ctx, { memberId: booking.memberId, bookingId: booking.id })
      return c.json({ isDone: true as const }, 200)
    },
  )
  .openapi(
    route({ method: 'get', path: '/api/calendar-feed', summary: 'The private address of your sessions', responses: answers(feed, 'The address, if there is one') }),
    async (c) => c.json({ feed: await findFeed(c.get('ctx'), personOf(requireSignedIn(c))) }, 200),
  )
  .openapi(
    route({ method: 'post', path: '/api/calendar-feed', summary: 'A new private address; an older one stops working', responses: answers(feed, 'The address') }),
    async (c) => c.json({ feed: await createFeed(c.get('ctx'), personOf(requireSignedIn(c))) }, 200),
  )
  .openapi(
    route({ method: 'delete', path: '/api/calendar-feed', summary: 'Stop the private address', responses: answers(feed, 'No address') }),
    async (c) => {
      await withdrawFeed(c.get('ctx'), personOf(requireSignedIn(c)))
      return c.json({ feed: null }, 200)
    },
  )

async function move(ctx: Context, moving: Moving): Promise<void> {
  const booking = await ctx.db.selectFrom('bookings').select('hostId').where('id', '=', moving.bookingId).executeTakeFirst()
  if (!booking) throw notFound('session')
  await withNearestTimes(ctx, booking.hostId, moving.start, () => moveBooking(ctx, moving))
}

bookingRoutes.get('/api/bookings/:id/calendar.ics', async (c) => {
  const ctx = c.get('ctx')
  const { id } = await show(ctx, requireSignedIn(c), c.req.param('id'))
  return entryAnswer(ctx, id)
})

bookingRoutes.get('/api/manage/:token/calendar.ics', async (c) => {
  const ctx = c.get('ctx')
  const { booking } = await openLink(ctx, c.req.param('token'))
  return entryAnswer(ctx, booking.id)
})

bookingRoutes.get('/calendar/:file{.+\\.ics}', async (c) => {
  const ctx = c.get('ctx')
  const found = await readFeed(ctx.db, c.req.param('file').slice(0, -'.ics'.length))
  if (!found) throw notFound('calendar')
  return fileAnswer(calendarFeed(found.entries, { viewer: found.viewer, publicUrl: ctx.config.publicUrl, now: now() }))
})

async function entryAnswer(ctx: Context, bookingId: string): Promise<Response> {
  const entry = await readCalendarEntry(ctx.db, bookingId)
  if (!entry) throw new Refusal('not_scheduled', 'This session has no time yet, so there is nothing to put into a calendar.')
  return fileAnswer(calendarFile(entry, { publicUrl: ctx.config.publicUrl, now: now() }), 'presence-session.ics')
}
