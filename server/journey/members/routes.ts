// GET and PATCH /api/me
import { z } from '@hono/zod-openapi'
import { Refusal } from '../../lib/errors.ts'
import { answers, jsonBody, requireMember, requireSignedIn, route, router } from '../request.ts'
import { consentRoutes } from './consent-routes.ts'
import { findStopped } from './find-stopped.ts'
import { meView } from './member-view.ts'
import { saved, savedView } from './saved-view.ts'
import { endSignIns } from './end-sign-ins.ts'
import { findLeaving } from './find-leaving.ts'
import { updateMember } from './update-member.ts'

const changes = z
  .object({
    fullName: z.string().max(100).optional(),
    timeZone: z.string().max(64).optional(),
    email: z.email('that does not look like an e-mail address').max(200).optional(),
  })
  .strict()

export const memberRoutes = router()
  .route('/', consentRoutes)
  .openapi(
    route({
      method: 'get',
      path: '/api/me',
      access: 'signed-in',
      summary: 'Who is signed in',
      responses: answers(meView.openapi('Me'), 'The person signed in'),
    }),
    async (c) => {
      const { member, host, isOperator, mobileNumber, personId, newHost } = requireSignedIn(c)
      const { db } = c.get('ctx')
      const leavingAt = (await findLeaving(db, personId))?.toISOString() ?? null
      const hostingOpensAt = newHost?.opensAt.toISOString() ?? null
      const hasStoppedTexts = (await findStopped(db, [mobileNumber])).size > 0
      return c.json(
        { member, host, isOperator, mobileNumber, leavingAt, hostingOpensAt, hasStoppedTexts },
        200,
      )
    },
  )
  .openapi(
    route({
      method: 'patch',
      path: '/api/me',
      access: 'member',
      summary: 'Change name, time zone or e-mail address',
      request: { body: jsonBody(changes) },
      responses: answers(savedView, 'Saved'),
    }),
    async (c) => {
      const member = requireMember(c)
      const facts = c.req.valid('json')
      if (Object.keys(facts).length === 0)
        throw new Refusal('invalid_input', 'There is nothing to change in this request.')
      await updateMember(c.get('ctx'), member.id, facts)
      return c.json(saved, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/me/sign-out-everywhere',
      access: 'signed-in',
      summary: 'End every sign-in of mine, this one too',
      responses: answers(savedView, 'Ended'),
    }),
    async (c) => {
      await endSignIns(c.get('ctx').db, requireSignedIn(c).personId)
      return c.json(saved, 200)
    },
  )
