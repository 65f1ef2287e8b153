// Sessions in people's own calendars: a file of one session, and a private address of all of them.
import { isId } from '../../lib/ids.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { answers, participant, requireSignedIn, route, router, type Who } from '../request.ts'
import { calendarFeed, calendarFile } from './calendar-file.ts'
import { readBooking } from './read-bookings.ts'
import { createFeed, findFeed, type Person, withdrawFeed } from './create-feed.ts'
import { feedView } from './feed-view.ts'
import { readCalendarEntries, readCalendarEntry } from './read-calendar-entries.ts'

export const calendarRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/calendar-feed',
      summary: 'The private address of your sessions',
      responses: answers(feedView, 'The address, if there is one'),
    }),
    async (c) => c.json({ feed: await findFeed(c.get('ctx'), personOf(requireSignedIn(c))) }, 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/calendar-feed',
      summary: 'A new private address; an older one stops working',
      responses: answers(feedView, 'The address'),
    }),
    async (c) => c.json({ feed: await createFeed(c.get('ctx'), personOf(requireSignedIn(c))) }, 200),
  )
  .openapi(
    route({
      method: 'delete',
      path: '/api/calendar-feed',
      summary: 'Stop the private address',
      responses: answers(feedView, 'No address'),
    }),
    async (c) => {
      await withdrawFeed(c.get('ctx'), personOf(requireSignedIn(c)))
      return c.json({ feed: null }, 200)
    },
  )

calendarRoutes.get('/api/bookings/:id/calendar.ics', async (c) => {
  const ctx = c.get('ctx')
  const id = c.req.param('id')
  const who = requireSignedIn(c)
  if (!isId(id)) throw notFound('session')
  await readBooking(ctx.db, participant(who), id)
  return entryAnswer(ctx, id)
})

calendarRoutes.get('/calendar/:file{.+\\.ics}', async (c) => {
  const ctx = c.get('ctx')
  const found = await readCalendarEntries(ctx.db, c.req.param('file').slice(0, -'.ics'.length))
  if (!found) throw notFound('calendar')
  return fileAnswer(
    calendarFeed(found.entries, { viewer: found.viewer, publicUrl: ctx.config.publicUrl, now: now() }),
  )
})

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

function personOf(who: Who): Person {
  if (who.host) return { hostId: who.host.id }
  if (who.member) return { memberId: who.member.id }
  throw new Refusal('not_allowed', 'Only members and hosts have sessions to subscribe to.')
}
