// The way into the room, and who is in it.
import { z } from '@hono/zod-openapi'
import { answers, idOf, idParams, jsonBody, participant, requireSignedIn, route, router } from '../request.ts'
import { openRoom } from './create-room.ts'
import { joinRoom } from './join-room.ts'
import { readPresence } from './read-presence.ts'
import { reportRoutes } from './report-routes.ts'
import { joinAnswerView, openRoomView, roomPresenceView } from './room-view.ts'
import { sessionRoutes } from './session-routes.ts'
import { visitRoutes } from './visit-routes.ts'

const params = idParams({ id: 'session' })

export const roomRoutes = router()
  .route('/', sessionRoutes)
  .route('/', reportRoutes)
  .route('/', visitRoutes)
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/join',
      access: 'signed-in',
      summary: 'Enter the room',
      request: { params },
      responses: answers(joinAnswerView, 'Where to go'),
    }),
    async (c) => {
      const who = participant(requireSignedIn(c))
      return c.json(await joinRoom(c.get('ctx'), who, c.req.valid('param').id), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/functions/v1/daily-create-room',
      access: 'signed-in',
      summary: 'Make sure that the room is there',
      request: { body: jsonBody(z.object({ bookingId: idOf('session') }).strict()) },
      responses: answers(openRoomView, 'The room is there'),
    }),
    async (c) => {
      const who = participant(requireSignedIn(c))
      await openRoom(c.get('ctx'), who, c.req.valid('json').bookingId)
      return c.json({ roomStatus: 'active' as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/bookings/{id}/presence',
      access: 'signed-in',
      summary: 'Who is in the room',
      request: { params },
      responses: answers(roomPresenceView, 'Who is in the room'),
    }),
    async (c) => {
      const who = participant(requireSignedIn(c))
      return c.json(await readPresence(c.get('ctx'), who, c.req.valid('param').id), 200)
    },
  )
