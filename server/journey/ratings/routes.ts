// Ratings of one session, and what somebody was given over all sessions.
import { z } from '@hono/zod-openapi'
import { isId } from '../../lib/ids.ts'
import { notFound } from '../../lib/errors.ts'
import {
  answers,
  idParam,
  jsonBody,
  participant,
  requireHost,
  requireMember,
  requireSignedIn,
  route,
  router,
} from '../request.ts'
import { rateSession } from './rate-session.ts'
import { ratingTags } from './rating.ts'
import { readReceivedRatings, readSessionRatings } from './read-ratings.ts'

function bookingId(id: string): string {
  if (!isId(id)) throw notFound('session')
  return id
}

const rating = z.object({ stars: z.int(), tags: z.array(z.string()) })
const received = z
  .object({
    count: z.int(),
    averageStars: z.number().nullable(),
    tags: z.array(z.object({ tag: z.string(), count: z.int() })),
  })
  .openapi('ReceivedRatings')

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
      summary: 'Rate a session',
      request: { params: idParam, body: jsonBody(newRating) },
      responses: answers(z.object({ isSaved: z.literal(true) }), 'Saved'),
    }),
    async (c) => {
      await rateSession(
        c.get('ctx'),
        participant(requireSignedIn(c)),
        bookingId(c.req.valid('param').id),
        c.req.valid('json'),
      )
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/bookings/{id}/rating',
      summary: "My rating, and the other's once it is no longer blind",
      request: { params: idParam },
      responses: answers(
        z
          .object({ mine: rating.nullable(), theirs: rating.nullable(), canRate: z.boolean() })
          .openapi('SessionRatings'),
        'Ratings of this session',
      ),
    }),
    async (c) =>
      c.json(
        await readSessionRatings(
          c.get('ctx'),
          participant(requireSignedIn(c)),
          bookingId(c.req.valid('param').id),
        ),
        200,
      ),
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/ratings',
      summary: 'What hosts said of me, a member',
      responses: answers(received, 'Without names'),
    }),
    async (c) => c.json(await readReceivedRatings(c.get('ctx'), { memberId: requireMember(c).id }), 200),
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/host/ratings',
      summary: 'What members said of me, a host',
      responses: answers(received, 'Without names'),
    }),
    async (c) => c.json(await readReceivedRatings(c.get('ctx'), { hostId: requireHost(c).id }), 200),
  )
