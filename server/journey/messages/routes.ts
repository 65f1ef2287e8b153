// GET /api/bookings/{id}/prompts and /api/help
import { notFound } from '../../lib/errors.ts'
import { readBooking } from '../bookings/read-bookings.ts'
import { answers, idParams, participant, requireSignedIn, route, router } from '../request.ts'
import { helpView } from './help-view.ts'
import { promptsView } from './prompts-view.ts'
import { listHelp } from './list-help.ts'
import { readPrompts } from './read-prompts.ts'

export const messageRoutes = router().openapi(
  route({
    method: 'get',
    path: '/api/bookings/{id}/prompts',
    access: 'signed-in',
    summary: 'Prompts before, during and after',
    request: { params: idParams({ id: 'session' }) },
    responses: answers(promptsView.openapi('Prompts'), 'Prompts'),
  }),
  async (c) => {
    const { db } = c.get('ctx')
    const { id } = c.req.valid('param')
    const who = requireSignedIn(c)
    const booking = await readBooking(db, participant(who), id)
    if (!booking) throw notFound('session')
    // Prompts speak to a member about a host. For a host the two names are swapped.
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
    access: 'public',
    summary: 'Questions and answers',
    responses: answers(helpView.openapi('Help'), 'Questions and answers'),
  }),
  async (c) => c.json(await listHelp(c.get('ctx').db), 200),
)
