// A host's free times for whoever looks, and the start that a member keeps from others while confirming it.
import { z } from '@hono/zod-openapi'
import { isId } from '../../lib/ids.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { addDays } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { isTimeZone } from '../members/member.ts'
import { sessionMinutes as sessionMinutesToday } from '../plans/plan.ts'
import { findTerms } from '../purchases/find-terms.ts'
import { answers, idParam, jsonBody, requireMember, route, router, type Who } from '../request.ts'
import { reserveTime, cancelReservation } from './reserve-time.ts'
import { withNearestTimes } from './find-nearest-times.ts'
import { findBookableHost, type HostRow } from './find-bookable-host.ts'
import { calendarOf } from './calendar.ts'
import { findOfferedTimes } from './find-offered-times.ts'
import { hoursRoutes } from './hours-routes.ts'

export const instant = z.iso.datetime({ offset: true, error: 'must be a time like 2027-03-01T09:00:00Z' })

export const slots = z.object({
  slots: z.array(z.object({ start: z.iso.datetime() })),
  sessionMinutes: z.int(),
  timeZone: z.string(),
  calendar: z.enum(['calcom', 'builtin']),
})
export const slotsQuery = z.object({
  from: instant,
  to: instant,
  /** Whose clock the starts are rounded on; the host's by default. */
  timeZone: z.string().max(64).refine(isTimeZone, 'must be a time zone like Australia/Sydney').optional(),
})
const reservation = z.object({ start: z.iso.datetime(), releaseAt: z.iso.datetime() })
const done = z.object({ isDone: z.literal(true) })

/**
 * `looking` is the session that a time is chosen for: its terms say how long it is, and it is not in its own
 * way.
 */
export async function freeTimes(
  ctx: Context,
  host: HostRow,
  query: z.infer<typeof slotsQuery>,
  looking: { id: string; purchaseId: string } | undefined,
): Promise<z.infer<typeof slots>> {
  const { from, to } = { from: new Date(query.from), to: new Date(query.to) }
  if (to <= from || to > addDays(from, 62)) {
    throw new Refusal(
      'invalid_input',
      'Please ask for a span of time of at most two months that ends after it begins.',
    )
  }
  const sessionMinutes = looking
    ? (await findTerms(ctx.db, looking.purchaseId)).sessionMinutes
    : sessionMinutesToday
  const starts = await findOfferedTimes(ctx, host, {
    from,
    to,
    sessionMinutes,
    ...(query.timeZone ? { viewerTimeZone: query.timeZone } : {}),
    ...(looking ? { exceptBookingId: looking.id } : {}),
  })
  return {
    slots: starts.map((time) => ({ start: time.toISOString() })),
    sessionMinutes,
    timeZone: host.timeZone,
    calendar: calendarOf(host),
  }
}

/** The session this person is choosing a time for, if it is theirs. */
async function ownBooking(
  ctx: Context,
  who: Who | null,
  bookingId: string | undefined,
): Promise<{ id: string; purchaseId: string } | undefined> {
  if (!who || !bookingId || !isId(bookingId)) return undefined
  const booking = await ctx.db
    .selectFrom('bookings')
    .select(['id', 'purchaseId', 'memberId', 'hostId'])
    .where('id', '=', bookingId)
    .executeTakeFirst()
  return booking && (booking.memberId === who.member?.id || booking.hostId === who.host?.id)
    ? booking
    : undefined
}

export const timesRoutes = router()
  .route('/', hoursRoutes)
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
      if (!isId(id)) throw notFound('host')
      const host = await findBookableHost(ctx.db, id)
      return c.json(await freeTimes(ctx, host, query, await ownBooking(ctx, c.get('who'), query.for)), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/reserve',
      summary: 'Keep a start from others while confirming it',
      request: {
        params: idParam,
        body: jsonBody(z.object({ hostId: z.string().max(64), start: instant }).strict()),
      },
      responses: answers(reservation, 'Kept until then'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      const { hostId, start: at } = c.req.valid('json')
      if (!isId(id)) throw notFound('session')
      if (!isId(hostId)) throw notFound('host')
      const start = new Date(at)
      const kept = await withNearestTimes(
        ctx,
        { hostId, bookingId: id, start, timeZone: member.timeZone },
        async () =>
          reserveTime(ctx, {
            bookingId: id,
            memberId: member.id,
            host: await findBookableHost(ctx.db, hostId),
            start,
            viewerTimeZones: [member.timeZone],
          }),
      )
      return c.json({ start: kept.start.toISOString(), releaseAt: kept.releaseAt.toISOString() }, 200)
    },
  )
  .openapi(
    route({
      method: 'delete',
      path: '/api/bookings/{id}/reserve',
      summary: 'Let a kept start go',
      request: { params: idParam },
      responses: answers(done, 'Let go'),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      if (!isId(id)) throw notFound('session')
      await cancelReservation(c.get('ctx'), { bookingId: id, memberId: member.id })
      return c.json({ isDone: true as const }, 200)
    },
  )
