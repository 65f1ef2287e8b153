// A host's own Cal.com: connected with a key, looked at again, and left.
import { z } from '@hono/zod-openapi'
import { answers, jsonBody, requireHost, route, router } from '../request.ts'
import { calcomView } from './calcom-view.ts'
import { dropCalcomKey, readCalcom, setCalcomKey } from './set-calcom-key.ts'

const newKey = z
  .object({
    apiKey: z
      .string()
      .trim()
      .regex(/^cal_[\w-]{8,200}$/, 'please paste the whole key; it begins with cal_'),
  })
  .strict()

export const calcomRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/host/calcom',
      access: 'host',
      summary: "How the host's Cal.com is connected",
      responses: answers(calcomView.openapi('Calcom'), 'The connection, never its key'),
    }),
    async (c) => c.json(await readCalcom(c.get('ctx'), requireHost(c).id), 200),
  )
  .openapi(
    route({
      method: 'put',
      path: '/api/host/calcom',
      access: 'host',
      summary: "Connect the host's own Cal.com, and check it",
      request: { body: jsonBody(newKey) },
      responses: answers(calcomView, 'The connection'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const hostId = requireHost(c).id
      await setCalcomKey(ctx, hostId, c.req.valid('json').apiKey)
      return c.json(await readCalcom(ctx, hostId), 200)
    },
  )
  .openapi(
    route({
      method: 'delete',
      path: '/api/host/calcom',
      access: 'host',
      summary: 'Forget the key',
      responses: answers(calcomView, 'What is left'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const hostId = requireHost(c).id
      await dropCalcomKey(ctx, hostId)
      return c.json(await readCalcom(ctx, hostId), 200)
    },
  )
