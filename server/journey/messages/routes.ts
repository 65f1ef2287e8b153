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
    responses: answers(
      z.object({
        preSession: z.array(z.string()),
        starters: z.array(z.string()),
        reflection: z.array(z.string()),
      }),
      'Prompts',
    ),
  }),
  async (c) => {
    const { db } = c.get('ctx')
    const { id } = c.req.valid('param')
    const who = requireSignedIn(c)
    const booking = isId(id) ? await readBooking(db, participant(who), id) : undefined
    if (!booking) throw notFound('session')
    // Prompts speak to a member about a host; read by the host, the two change places.
    const isHost = who.host?.id === booking.host.id
    const names = isHost
      ? { hostName: booking.member.fullName, memberName: booking.host.fullName }
      : { hostName: booking.host.fullName, memberName: booking.member.fullName }
    return c.json(await readPrompts(db, names), 200)
  },
)

export const helpRoutes = router().openapi(
  route({
    method: 'get',
    path: '/api/help',
    summary: 'Questions and answers',
    responses: answers(
      z.object({ prompts: z.array(z.object({ question: z.string(), answer: z.string() })) }),
      'Questions and answers',
    ),
  }),
  async (c) => c.json({ prompts: await listHelp(c.get('ctx').db) }, 200),
)
