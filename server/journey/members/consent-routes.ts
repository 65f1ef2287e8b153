// The documents, open to everybody, and what somebody agreed to.
import { z } from '@hono/zod-openapi'
import { Refusal } from '../../lib/errors.ts'
import { answers, jsonBody, requireSignedIn, route, router, saved, type Who } from '../request.ts'
import { documentNames } from './consent.ts'
import { consentsView, documentView } from './consents-view.ts'
import { type Consenter, readConsents } from './read-consents.ts'
import { readDocument } from './read-document.ts'
import { recordConsents } from './record-consents.ts'

const agreement = z
  .object({
    agreed: z
      .array(
        z
          .object({
            document: z.enum(documentNames).exclude(['marketing']),
            version: z.string().max(40),
          })
          .strict(),
      )
      .max(documentNames.length)
      .default([]),
    marketing: z.boolean().optional(),
  })
  .strict()

/** A host agrees as a host, also where they were a member before. */
function consenterOf({ host, member }: Who): Consenter {
  if (host) return { hostId: host.id }
  if (member) return { memberId: member.id }
  throw new Refusal('not_allowed', 'This is for members and hosts.')
}

export const consentRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/documents/{name}',
      access: 'public',
      summary: 'Terms, privacy, pledge and the others, as Markdown',
      request: {
        params: z.object({ name: z.enum(documentNames).openapi({ param: { name: 'name', in: 'path' } }) }),
      },
      responses: answers(documentView.openapi('LegalDocument'), 'The document in its present version'),
    }),
    async (c) => c.json(await readDocument(c.req.valid('param').name), 200),
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/consents',
      access: 'participant',
      summary: 'What I have agreed to, and what is still to be asked',
      responses: answers(consentsView.openapi('Consents'), 'Consents'),
    }),
    async (c) => c.json(await readConsents(c.get('ctx').db, consenterOf(requireSignedIn(c))), 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/consents',
      access: 'participant',
      summary: 'Agree to documents in their present version',
      request: { body: jsonBody(agreement) },
      responses: saved,
    }),
    async (c) => {
      await recordConsents(c.get('ctx'), consenterOf(requireSignedIn(c)), c.req.valid('json'))
      return c.json({ isSaved: true as const }, 200)
    },
  )
