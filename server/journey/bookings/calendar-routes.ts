// Sessions in people's own calendars: a file of one session, and a private address of all of them.
import { z } from '@hono/zod-openapi'
import { notFound, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import {
  answers,
  guard,
  idParams,
  participant,
  type Proof,
  requireParticipant,
  requireSignedIn,
  route,
  router,
} from '../request.ts'
import { calendarFeed, calendarFile } from './calendar-file.ts'
import { readBooking } from './read-bookings.ts'
import { createFeed, findFeed, type Person, withdrawFeed } from './create-feed.ts'
import { feedView } from './feed-view.ts'
import { readCalendarEntries, readCalendarEntry } from './read-calendar-entries.ts'

/** The `responses` of a route that answers with a calendar. */
export const calendarAnswer = {
  200: { description: 'iCalendar', content: { 'text/calendar': { schema: z.string() } } },
} as const

export const calendarRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/calendar-feed',
      access: 'participant',
      summary: 'The private address of your sessions',
      responses: answers(feedView, 'The address, if there is one'),
    }),
    async (c) => c.json({ feed: await findFeed(c.get('ctx'), personOf(c)) }, 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/calendar-feed',
      access: 'participant',
      summary: 'A new private address; an older one stops working',
      responses: answers(feedView, 'The address'),
    }),
    async (c) => c.json({ feed: await createFeed(c.get('ctx'), personOf(c)) }, 200),
  )
  .openapi(
    route({
      method: 'delete',
      path: '/api/calendar-feed',
      access: 'participant',
      summary: 'Stop the private address',
      responses: answers(feedView, 'No address'),
    }),
    async (c) => {
      await withdrawFeed(c.get('ctx'), personOf(c))
      return c.json({ feed: null }, 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/bookings/{id}/calendar.ics',
      access: 'signed-in',
      summary: 'One session as a calendar file',
      request: { params: idParams({ id: 'session' }) },
      responses: calendarAnswer,
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { id } = c.req.valid('param')
      await readBooking(ctx.db, participant(requireSignedIn(c)), id)
      return entryAnswer(ctx, id)
    },
  )

const byAddress: Proof = { by: 'link', check: (c) => entriesAt(c.get('ctx'), c.req.param('file') ?? '') }

calendarRoutes.get('/calendar/:file{.+\\.ics}', guard(byAddress), async (c) => {
  const ctx = c.get('ctx')
  const found = await entriesAt(ctx, c.req.param('file'))
  return fileAnswer(
    calendarFeed(found.entries, { viewer: found.viewer, publicUrl: ctx.config.publicUrl, now: now() }),
  )
})

async function entriesAt(ctx: Context, file: string) {
  const found = await readCalendarEntries(ctx.db, file.slice(0, -'.ics'.length))
  if (!found) throw notFound('calendar')
  return found
}

/** The calendar file of one session, to whoever may have it. */
export async function entryAnswer(ctx: Context, bookingId: string): Promise<Response> {
  const entry = await readCalendarEntry(ctx.db, bookingId)
  if (!entry)
    throw new Refusal(
      'not_scheduled',
      'This session has no time yet, so there is nothing to put into a calendar.',
    )
  return fileAnswer(
    calendarFile(entry, { publicUrl: ctx.config.publicUrl, now: now() }),
    'presence-session.ics',
  )
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

function personOf(c: Parameters<typeof requireParticipant>[0]): Person {
  const { host, member } = requireParticipant(c)
  return host ? { hostId: host.id } : { memberId: member!.id }
}
