// Host selection for members, likes both ways, and a host's own hours.
import { z } from '@hono/zod-openapi'
import { isId } from '../../lib/ids.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { answers, idParam, jsonBody, requireHost, requireMember, route, router } from '../request.ts'
import { overridesSchema, weeklySchema } from './calendar-rules.ts'
import { findPreview } from './find-preview.ts'
import { personalityTags } from './host.ts'
import { likeHost, likeMember, listLikes, markLikesSeen, unlikeHost, unlikeMember } from './set-like.ts'
import { hostView, listHosts, readCursor, readHostView } from './list-hosts.ts'
import { addCalendar, listCalendars, removeCalendar } from './pull-calendar.ts'
import { setHours } from './set-hours.ts'

const query = z.object({
  q: z.string().max(100).default(''),
  tags: z.string().max(200).default(''),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  first: z.string().max(64).optional(),
  sort: z.enum(['name', 'next']).default('name'),
})

const like = z.object({ youLike: z.boolean(), isMutual: z.boolean() })
const likeView = z.object({
  host: z.object({ id: z.uuid(), fullName: z.string(), photoUrl: z.string().nullable() }),
  isMutual: z.boolean(),
  likedAt: z.iso.datetime(),
  isSeen: z.boolean(),
})

const hours = z
  .object({
    timeZone: z.string().max(64),
    weekly: weeklySchema,
    dateOverrides: overridesSchema,
    minimumNoticeMinutes: z.int().min(0).max(43_200),
    bufferBeforeMinutes: z.int().min(0).max(240),
    bufferAfterMinutes: z.int().min(0).max(240),
    intervalMinutes: z.int().min(5).max(240).nullable(),
    horizonDays: z.int().min(1).max(365),
    maximumPerDay: z.int().min(1).max(144).nullable().optional(),
  })
  .openapi('Hours')
const shownHours = hours.extend({ calendar: z.enum(['calcom', 'builtin']) })

const calendars = z.object({
  calendars: z.array(
    z.object({ id: z.uuid(), address: z.string(), readAt: z.iso.datetime().nullable(), problem: z.string().nullable(), busyAhead: z.int() }),
  ),
})

export const hostRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/hosts',
      summary: 'Hosts that can be booked',
      request: { query },
      responses: answers(z.object({ hosts: z.array(hostView), nextCursor: z.string().nullable(), total: z.int() }), 'One page of hosts'),
    }),
    async (c) => {
      const { q, tags, cursor, limit, first, sort } = c.req.valid('query')
      const wanted = tags.split(',').map((tag) => tag.trim()).filter(Boolean)
      const unknown = wanted.find((tag) => !personalityTags.some((known) => known === tag))
      if (unknown) throw new Refusal('invalid_input', `There is no tag "${unknown}". The tags are ${personalityTags.join(', ')}.`)
      const after = cursor ? readCursor(cursor) : undefined
      if (cursor && !after) throw new Refusal('invalid_input', 'This page of hosts cannot be continued. Please start the search again.')
      const page = await listHosts(c.get('ctx').db, {
        q,
        tags: wanted,
        cursor: after,
        limit,
        first: first && isId(first) ? first : undefined,
        memberId: c.get('who')?.member?.id,
        sort,
      })
      return c.json(page, 200)
    },
  )
  .openapi(
    route({ method: 'get', path: '/api/hosts/{id}', summary: 'One host', request: { params: idParam }, responses: answers(hostView, 'The host') }),
    async (c) => {
      const { id } = c.req.valid('param')
      if (!isId(id)) throw notFound('host')
      return c.json(await readHostView(c.get('ctx').db, id, c.get('who')?.member?.id), 200)
    },
  )
  .openapi(
    route({ method: 'post', path: '/api/hosts/{id}/like', summary: 'Like a host', request: { params: idParam }, responses: answers(like, 'The like') }),
    async (c) => {
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      if (!isId(id)) throw notFound('host')
      const state = await likeHost(c.get('ctx'), { hostId: id, memberId: member.id })
      return c.json({ youLike: state.memberLikes, isMutual: state.isMutual }, 200)
    },
  )
  .openapi(
    route({ method: 'delete', path: '/api/hosts/{id}/like', summary: 'Take a like back', request: { params: idParam }, responses: answers(like, 'The like') }),
    async (c) => {
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      if (!isId(id)) throw notFound('host')
      await readHostView(c.get('ctx').db, id)
      const state = await unlikeHost(c.get('ctx'), { hostId: id, memberId: member.id })
      return c.json({ youLike: state.memberLikes, isMutual: state.isMutual }, 200)
    },
  )
  .openapi(
    route({ method: 'get', path: '/api/likes', summary: 'Hosts who like you', responses: answers(z.object({ likes: z.array(likeView) }), 'Likes, newest first') }),
    async (c) => c.json({ likes: await listLikes(c.get('ctx').db, requireMember(c).id) }, 200),
  )
  .openapi(
    route({ method: 'post', path: '/api/likes/seen', summary: 'The banners were seen', responses: answers(z.object({ isSaved: z.literal(true) }), 'Saved') }),
    async (c) => {
      await markLikesSeen(c.get('ctx').db, requireMember(c).id)
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({ method: 'post', path: '/api/host/members/{id}/like', summary: 'Like a member', request: { params: idParam }, responses: answers(like, 'The like') }),
    async (c) => {
      const { id } = c.req.valid('param')
      const host = requireHost(c)
      if (!isId(id)) throw notFound('member')
      const state = await likeMember(c.get('ctx'), { hostId: host.id, memberId: id })
      return c.json({ youLike: state.hostLikes, isMutual: state.isMutual }, 200)
    },
  )
  .openapi(
    route({ method: 'delete', path: '/api/host/members/{id}/like', summary: 'Take a like back', request: { params: idParam }, responses: answers(like, 'The like') }),
    async (c) => {
      const { id } = c.req.valid('param')
      const host = requireHost(c)
      if (!isId(id)) throw notFound('member')
      const state = await unlikeMember(c.get('ctx'), { hostId: host.id, memberId: id })
      return c.json({ youLike: state.hostLikes, isMutual: state.isMutual }, 200)
    },
  )
  .openapi(
    route({ method: 'get', path: '/api/host/hours', summary: "The host's own hours", responses: answers(shownHours, 'Hours') }),
    async (c) => {
      const host = await c.get('ctx').db.selectFrom('hosts').selectAll().where('id', '=', requireHost(c).id).executeTakeFirstOrThrow()
      return c.json(
        {
          timeZone: host.timeZone,
          weekly: weeklySchema.parse(host.weeklyHours),
          dateOverrides: overridesSchema.parse(host.dateOverrides),
          minimumNoticeMinutes: host.minimumNoticeMinutes,
          bufferBeforeMinutes: host.bufferBeforeMinutes,
          bufferAfterMinutes: host.bufferAfterMinutes,
          intervalMinutes: host.intervalMinutes,
          horizonDays: host.horizonDays,
          maximumPerDay: host.maximumPerDay,
          calendar: host.calUsername ? ('calcom' as const) : ('builtin' as const),
        },
        200,
      )
    },
  )
  .openapi(
    route({
      method: 'put',
      path: '/api/host/hours',
      summary: 'Change the hours of the built-in calendar',
      request: { body: jsonBody(hours) },
      responses: answers(z.object({ isSaved: z.literal(true) }), 'Saved'),
    }),
    async (c) => {
      await setHours(c.get('ctx'), requireHost(c).id, c.req.valid('json'))
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/hours/preview',
      summary: 'The starts that these hours would offer in the next days, saved or not',
      request: { body: jsonBody(hours) },
      responses: answers(z.object({ starts: z.array(z.iso.datetime()) }), 'Free starts in order'),
    }),
    async (c) => c.json({ starts: await findPreview(c.get('ctx').db, requireHost(c).id, c.req.valid('json')) }, 200),
  )
  .openapi(
    route({ method: 'get', path: '/api/host/calendars', summary: 'Calendars that keep you from being booked', responses: answers(calendars, 'Calendars') }),
    async (c) => c.json({ calendars: await listCalendars(c.get('ctx').db, requireHost(c).id) }, 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/calendars',
      summary: 'Connect a calendar by its address',
      request: { body: jsonBody(z.object({ address: z.string().trim().min(1, 'please paste the address of your calendar').max(2_000) }).strict()) },
      responses: answers(calendars, 'Calendars'),
    }),
    async (c) => {
      const hostId = requireHost(c).id
      await addCalendar(c.get('ctx'), { hostId, address: c.req.valid('json').address })
      return c.json({ calendars: await listCalendars(c.get('ctx').db, hostId) }, 200)
    },
  )
  .openapi(
    route({ method: 'delete', path: '/api/host/calendars/{id}', summary: 'Disconnect a calendar', request: { params: idParam }, responses: answers(calendars, 'Calendars') }),
    async (c) => {
      const { id } = c.req.valid('param')
      const hostId = requireHost(c).id
      if (!isId(id)) throw notFound('calendar')
      await removeCalendar(c.get('ctx'), { hostId, calendarId: id })
      return c.json({ calendars: await listCalendars(c.get('ctx').db, hostId) }, 200)
    },
  )
