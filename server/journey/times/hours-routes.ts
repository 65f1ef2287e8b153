// The hours of a host of the built-in calendar, and what they would offer.
import { answers, jsonBody, requireHost, route, router, saved } from '../request.ts'
import { requireConsents } from '../members/require-consents.ts'
import { findPreview } from './find-preview.ts'
import { hoursView, newHours, previewView } from './hours-view.ts'
import { readHours } from './read-hours.ts'
import { setHours } from './set-hours.ts'

export const hoursRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/host/hours',
      access: 'host',
      summary: "The host's own hours",
      responses: answers(hoursView, 'Hours'),
    }),
    async (c) => c.json(await readHours(c.get('ctx').db, requireHost(c).id), 200),
  )
  .openapi(
    route({
      method: 'put',
      path: '/api/host/hours',
      access: 'host',
      summary: 'Change the hours of the built-in calendar',
      request: { body: jsonBody(newHours) },
      responses: saved,
    }),
    async (c) => {
      await requireConsents(c.get('ctx').db, { hostId: requireHost(c).id })
      await setHours(c.get('ctx'), requireHost(c).id, c.req.valid('json'))
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/hours/preview',
      access: 'host',
      summary: 'The starts that these hours would offer in the next days, saved or not',
      request: { body: jsonBody(newHours) },
      responses: answers(previewView, 'Free starts in order'),
    }),
    async (c) => c.json(await findPreview(c.get('ctx').db, requireHost(c).id, c.req.valid('json')), 200),
  )
