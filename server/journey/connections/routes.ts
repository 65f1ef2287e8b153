// Connections: what the last look at the services found, and another look.
import { answers, requireOperator, route, router } from '../request.ts'
import { checkConnections } from './check-connections.ts'
import { connectionsView } from './connections-view.ts'
import { readConnections } from './read-connections.ts'

export const connectionRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/ops/connections',
      access: 'operator',
      summary: 'What the last look at the services found',
      responses: answers(
        connectionsView.openapi('Connections'),
        'One line for each thing that must be right',
      ),
    }),
    async (c) => {
      requireOperator(c)
      return c.json(await readConnections(c.get('ctx').db), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/ops/connections/check',
      access: 'operator',
      summary: 'Look at the services again',
      responses: answers(connectionsView, 'What was found'),
    }),
    async (c) => {
      requireOperator(c)
      const ctx = c.get('ctx')
      await checkConnections(ctx)
      return c.json(await readConnections(ctx.db), 200)
    },
  )
