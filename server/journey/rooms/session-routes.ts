// The end of a session and after it: leaving, being done, private words.
import { z } from '@hono/zod-openapi'
import {
  idParams,
  jsonBody,
  participant,
  requireMember,
  requireSignedIn,
  route,
  router,
  saved,
  writtenText,
} from '../request.ts'
import { completeSession } from './complete-session.ts'
import { leaveRoom } from './leave-room.ts'
import { saveReflection } from './save-reflection.ts'

const params = idParams({ id: 'session' })
const reflection = z.object({ text: writtenText().trim().max(2000) }).strict()

export const sessionRoutes = router()
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/leave',
      access: 'signed-in',
      summary: 'I have left',
      request: { params },
      responses: saved,
    }),
    async (c) => {
      await leaveRoom(c.get('ctx'), participant(requireSignedIn(c)), c.req.valid('param').id)
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/complete',
      access: 'signed-in',
      summary: 'We are done',
      request: { params },
      responses: saved,
    }),
    async (c) => {
      await completeSession(c.get('ctx'), participant(requireSignedIn(c)), c.req.valid('param').id)
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/reflection',
      access: 'member',
      summary: 'Private words after a session',
      request: { params, body: jsonBody(reflection) },
      responses: saved,
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await saveReflection(c.get('ctx'), requireMember(c).id, id, c.req.valid('json').text)
      return c.json({ isSaved: true as const }, 200)
    },
  )
