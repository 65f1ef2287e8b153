// Prompts around a session, questions and answers, and writing to us.
import { z } from '@hono/zod-openapi'
import { notFound } from '../../lib/errors.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { readBooking } from '../bookings/read-bookings.ts'
import {
  answers,
  idParams,
  jsonBody,
  participant,
  requireParticipant,
  requireSignedIn,
  route,
  router,
  saved,
  writtenText,
} from '../request.ts'
import { helpView } from './help-view.ts'
import { listMessageKinds } from './list-message-kinds.ts'
import { messageKindsView } from './message-kinds-view.ts'
import { promptsView } from './prompts-view.ts'
import { listHelp } from './list-help.ts'
import { recordContact } from './record-contact.ts'
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

/** Near enough to an e-mail address or a number that somebody can answer. */
function isAddress(text: string): boolean {
  return /\S@\S/.test(text) || text.replace(/\P{Nd}/gu, '').length >= 6
}

const contact = z
  .object({
    text: writtenText().trim().min(1, 'please write what it is about').max(4000),
    replyTo: z
      .string()
      .overwrite(visibleText)
      .max(200)
      .refine(isAddress, 'please say where we can answer: an e-mail address or a number'),
  })
  .strict()

export const helpRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/message-kinds',
      access: 'participant',
      summary: 'The text messages that I may get',
      responses: answers(messageKindsView.openapi('MessageKinds'), 'The kinds'),
    }),
    async (c) => c.json(await listMessageKinds(c.get('ctx').db, requireParticipant(c)), 200),
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/help',
      access: 'public',
      summary: 'Questions and answers',
      responses: answers(helpView.openapi('Help'), 'Questions and answers'),
    }),
    async (c) => c.json(await listHelp(c.get('ctx').db), 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/contact',
      access: 'public',
      summary: 'Write to us, signed in or not',
      request: { body: jsonBody(contact) },
      responses: saved,
    }),
    async (c) => {
      await recordContact(c.get('ctx'), c.get('who'), c.req.valid('json'))
      return c.json({ isSaved: true as const }, 200)
    },
  )
