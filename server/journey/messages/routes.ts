// GET /api/bookings/{id}/prompts and /api/help
import { z } from '@hono/zod-openapi'
import { isId } from '../../lib/ids.ts'
import { notFound } from '../../lib/errors.ts'
import { readBooking } from '../bookings/read-bookings.ts'
import { answers, idParam, participant, requireSignedIn, route, router } from '../request.ts'
import { listHelp } from './read-help.ts'
import { readPrompts } from './read-prompts.ts'

export const messageRoutes = router().openapi(
  route({
    method: 'get',
    path: '/api/bookings/{id}/prompts',
    summary: 'Prompts before, during and after',
    request: { params: idParam },
    responses: answers(z.object({ preSession: z.array(z.string()), starters: z.array(z.string()), reflection: z.array(z.string()) }), 'Prompts'),
  }),
  async (c) => {
    const { db } = c.get('ctx')
    const { id } = c.req.valid('param')
    const booking = isId(id) ? await readBooking(db, participant(requireSignedIn(c)), id) : undefined
    if (!booking) throw notFound('session')
    return c.json(await readPrompts(db, { hostName: booking.host.fullName, memberName: booking.member.fullName }), 200)
  },
)

export const helpRoutes = router().openapi(
  route({
    method: 'get',
    path: '/api/help',
    summary: 'Questions and answers',
    responses: answers(z.object({ prompts: z.array(z.object({ question: z.string(), answer: z.string() })) }), 'Questions and answers'),
  }),
  async (c) => c.json({ prompts: await listHelp(c.get('ctx').db) }, 200),
)
