// A room of our own needs only posts and the live updates. Any process serves anybody, and a browser that
// loses its connection loses nothing.
import { z } from '@hono/zod-openapi'
import {
  answers,
  idOf,
  idParams,
  jsonBody,
  participant,
  requireSignedIn,
  route,
  router,
  saved,
} from '../request.ts'
import { recordVisit } from './record-visit.ts'
import { sendSignals } from './send-signals.ts'
import { visitAnswerView } from './visit-view.ts'

const maxSignalLength = 30_000

const params = idParams({ id: 'session', visitId: 'session' })
const heartbeat = z
  .object({ after: z.int().min(0).default(0), isLeaving: z.boolean().default(false) })
  .strict()
const newSignals = z
  .object({
    to: idOf('session'),
    signals: z
      .array(z.object({ number: z.int().min(1), body: z.record(z.string(), z.unknown()) }).strict())
      .min(1)
      .max(50)
      .refine(
        (signals) => signals.every(({ body }) => JSON.stringify(body).length <= maxSignalLength),
        'too large',
      ),
  })
  .strict()

export const visitRoutes = router()
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/visits/{visitId}',
      access: 'signed-in',
      summary: 'I am in the room, or leave it; what was I told?',
      request: { params, body: jsonBody(heartbeat) },
      responses: answers(visitAnswerView, 'How the visit and the other one stand'),
    }),
    async (c) => {
      const who = participant(requireSignedIn(c))
      const { id, visitId } = c.req.valid('param')
      return c.json(await recordVisit(c.get('ctx'), who, id, visitId, c.req.valid('json')), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/visits/{visitId}/signals',
      access: 'signed-in',
      summary: "Tell the other's browser",
      request: { params, body: jsonBody(newSignals) },
      responses: saved,
    }),
    async (c) => {
      const who = participant(requireSignedIn(c))
      const { id, visitId } = c.req.valid('param')
      const { to, signals } = c.req.valid('json')
      await sendSignals(c.get('ctx'), who, id, visitId, to, signals)
      return c.json({ isSaved: true as const }, 200)
    },
  )
