// Likes both ways, and the banners that show them.
import { answers, idParams, requireHost, requireMember, route, router, saved } from '../request.ts'
import { likeAnswerView, likesView } from './likes-view.ts'
import { readHostView } from './list-hosts.ts'
import { listLikes, markLikesSeen } from './list-likes.ts'
import { setLike } from './set-like.ts'

export const likeRoutes = router()
  .openapi(
    route({
      method: 'post',
      path: '/api/hosts/{id}/like',
      access: 'member',
      summary: 'Like a host',
      request: { params: idParams({ id: 'host' }) },
      responses: answers(likeAnswerView, 'The like'),
    }),
    async (c) => {
      const pair = { hostId: c.req.valid('param').id, memberId: requireMember(c).id }
      return c.json(await setLike(c.get('ctx'), pair, 'member', true), 200)
    },
  )
  .openapi(
    route({
      method: 'delete',
      path: '/api/hosts/{id}/like',
      access: 'member',
      summary: 'Take a like back',
      request: { params: idParams({ id: 'host' }) },
      responses: answers(likeAnswerView, 'The like'),
    }),
    async (c) => {
      const pair = { hostId: c.req.valid('param').id, memberId: requireMember(c).id }
      await readHostView(c.get('ctx').db, pair.hostId)
      return c.json(await setLike(c.get('ctx'), pair, 'member', false), 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/likes',
      access: 'member',
      summary: 'Hosts who like you',
      responses: answers(likesView, 'Likes, newest first'),
    }),
    async (c) => c.json(await listLikes(c.get('ctx').db, requireMember(c).id), 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/likes/seen',
      access: 'member',
      summary: 'The banners were seen',
      responses: saved,
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
      access: 'host',
      summary: 'Like a member',
      request: { params: idParams({ id: 'member' }) },
      responses: answers(likeAnswerView, 'The like'),
    }),
    async (c) => {
      const pair = { hostId: requireHost(c).id, memberId: c.req.valid('param').id }
      return c.json(await setLike(c.get('ctx'), pair, 'host', true), 200)
    },
  )
  .openapi(
    route({
      method: 'delete',
      path: '/api/host/members/{id}/like',
      access: 'host',
      summary: 'Take a like back',
      request: { params: idParams({ id: 'member' }) },
      responses: answers(likeAnswerView, 'The like'),
    }),
    async (c) => {
      const pair = { hostId: requireHost(c).id, memberId: c.req.valid('param').id }
      return c.json(await setLike(c.get('ctx'), pair, 'host', false), 200)
    },
  )
