// Host selection for members, and likes both ways.
import { z } from '@hono/zod-openapi'
import { isId } from '../../lib/ids.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { answers, idParam, requireHost, requireMember, route, router } from '../request.ts'
import { personalityTags } from './host.ts'
import { likeHost, likeMember, listLikes, markLikesSeen, unlikeHost, unlikeMember } from './set-like.ts'
import { hostView, listHosts, readCursor, readHostView } from './list-hosts.ts'

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

export const hostRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/hosts',
      summary: 'Hosts that can be booked',
      request: { query },
      responses: answers(
        z.object({ hosts: z.array(hostView), nextCursor: z.string().nullable(), total: z.int() }),
        'One page of hosts',
      ),
    }),
    async (c) => {
      const { q, tags, cursor, limit, first, sort } = c.req.valid('query')
      const wanted = tags
        .split(',')
        .map((tag) => tag.trim())
        .filter(Boolean)
      const unknown = wanted.find((tag) => !personalityTags.some((known) => known === tag))
      if (unknown)
        throw new Refusal(
          'invalid_input',
          `There is no tag "${unknown}". The tags are ${personalityTags.join(', ')}.`,
        )
      const after = cursor ? readCursor(cursor) : undefined
      if (cursor && !after)
        throw new Refusal(
          'invalid_input',
          'This page of hosts cannot be continued. Please start the search again.',
        )
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
    route({
      method: 'get',
      path: '/api/hosts/{id}',
      summary: 'One host',
      request: { params: idParam },
      responses: answers(hostView, 'The host'),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      if (!isId(id)) throw notFound('host')
      return c.json(await readHostView(c.get('ctx').db, id, c.get('who')?.member?.id), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/hosts/{id}/like',
      summary: 'Like a host',
      request: { params: idParam },
      responses: answers(like, 'The like'),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      if (!isId(id)) throw notFound('host')
      const state = await likeHost(c.get('ctx'), { hostId: id, memberId: member.id })
      return c.json({ youLike: state.memberLikes, isMutual: state.isMutual }, 200)
    },
  )
  .openapi(
    route({
      method: 'delete',
      path: '/api/hosts/{id}/like',
      summary: 'Take a like back',
      request: { params: idParam },
      responses: answers(like, 'The like'),
    }),
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
    route({
      method: 'get',
      path: '/api/likes',
      summary: 'Hosts who like you',
      responses: answers(z.object({ likes: z.array(likeView) }), 'Likes, newest first'),
    }),
    async (c) => c.json({ likes: await listLikes(c.get('ctx').db, requireMember(c).id) }, 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/likes/seen',
      summary: 'The banners were seen',
      responses: answers(z.object({ isSaved: z.literal(true) }), 'Saved'),
    }),
    async (c) => {
      await markLikesSeen(c.get('ctx').db, requireMember(c).id)
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/members/{id}/like',
      summary: 'Like a member',
      request: { params: idParam },
      responses: answers(like, 'The like'),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const host = requireHost(c)
      if (!isId(id)) throw notFound('member')
      const state = await likeMember(c.get('ctx'), { hostId: host.id, memberId: id })
      return c.json({ youLike: state.hostLikes, isMutual: state.isMutual }, 200)
    },
  )
  .openapi(
    route({
      method: 'delete',
      path: '/api/host/members/{id}/like',
      summary: 'Take a like back',
      request: { params: idParam },
      responses: answers(like, 'The like'),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const host = requireHost(c)
      if (!isId(id)) throw notFound('member')
      const state = await unlikeMember(c.get('ctx'), { hostId: host.id, memberId: id })
      return c.json({ youLike: state.hostLikes, isMutual: state.isMutual }, 200)
    },
  )
