// Ratings of one session, and what somebody was given over all sessions.
import { z } from '@hono/zod-openapi'
import {
  answers,
  idParams,
  jsonBody,
  participant,
  requireHost,
  requireMember,
  requireSignedIn,
  route,
  router,
  saved,
} from '../request.ts'
import { rateSession } from './rate-session.ts'
import { ratingTags } from './rating.ts'
import { receivedRatingsView, sessionRatingsView } from './rating-view.ts'
import { readRatings, readReceivedRatings } from './read-ratings.ts'

const params = idParams({ id: 'session' })
const newRating = z
  .object({
    stars: z.int().min(1).max(5),
    tags: z.array(z.enum(ratingTags)).max(ratingTags.length).default([]),
  })
  .strict()

export const ratingRoutes = router()
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/rating',
      access: 'signed-in',
      summary: 'Rate a session',
      request: { params, body: jsonBody(newRating) },
      responses: saved,
    }),
    async (c) => {
      const who = participant(requireSignedIn(c))
      await rateSession(c.get('ctx'), who, c.req.valid('param').id, c.req.valid('json'))
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/bookings/{id}/rating',
      access: 'signed-in',
      summary: "My rating, and the other's once it is no longer blind",
      request: { params },
      responses: answers(sessionRatingsView, 'Ratings of this session'),
    }),
    async (c) => {
      const who = participant(requireSignedIn(c))
      return c.json(await readRatings(c.get('ctx'), who, c.req.valid('param').id), 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/ratings',
      access: 'member',
      summary: 'What hosts said of me, a member',
      responses: answers(receivedRatingsView, 'Without names'),
    }),
    async (c) => c.json(await readReceivedRatings(c.get('ctx'), { memberId: requireMember(c).id }), 200),
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/host/ratings',
      access: 'host',
      summary: 'What members said of me, a host',
      responses: answers(receivedRatingsView, 'Without names'),
    }),
    async (c) => c.json(await readReceivedRatings(c.get('ctx'), { hostId: requireHost(c).id }), 200),
  )
