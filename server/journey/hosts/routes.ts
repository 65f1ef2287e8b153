// Host selection: the hosts that can be booked, and one of them.
import { z } from '@hono/zod-openapi'
import { isId } from '../../lib/ids.ts'
import { Refusal } from '../../lib/errors.ts'
import { answers, idParams, route, router } from '../request.ts'
import { personalityTags } from './personality-tags.ts'
import { hostPageView, hostView } from './host-view.ts'
import { likeRoutes } from './like-routes.ts'
import { listHosts, readCursor, readHostView } from './list-hosts.ts'

const query = z.object({
  q: z.string().max(100).default(''),
  tags: z.string().max(200).default(''),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  first: z.string().max(64).optional(),
  sort: z.enum(['name', 'next']).default('name'),
})

export const hostRoutes = router()
  .route('/', likeRoutes)
  .openapi(
    route({
      method: 'get',
      path: '/api/hosts',
      access: 'public',
      summary: 'Hosts that can be booked',
      request: { query },
      responses: answers(hostPageView, 'One page of hosts'),
    }),
    async (c) => {
      const { tags, cursor, first, ...asked } = c.req.valid('query')
      const page = await listHosts(c.get('ctx').db, {
        ...asked,
        tags: tagsIn(tags),
        cursor: cursor ? positionIn(cursor) : undefined,
        first: first && isId(first) ? first : undefined,
        memberId: c.get('who')?.member?.id,
      })
      return c.json(page, 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/hosts/{id}',
      access: 'public',
      summary: 'One host',
      request: { params: idParams({ id: 'host' }) },
      responses: answers(hostView, 'The host'),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      return c.json(await readHostView(c.get('ctx').db, id, c.get('who')?.member?.id), 200)
    },
  )

/** 'Calm,Funny' as a list. Refuses with invalid_input a tag that does not exist. */
function tagsIn(text: string): string[] {
  const tags = text
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean)
  const unknown = tags.find((tag) => !personalityTags.some((known) => known === tag))
  if (unknown)
    throw new Refusal(
      'invalid_input',
      `There is no tag "${unknown}". The tags are ${personalityTags.join(', ')}.`,
    )
  return tags
}

function positionIn(cursor: string) {
  const position = readCursor(cursor)
  if (!position)
    throw new Refusal(
      'invalid_input',
      'This page of hosts cannot be continued. Please start the search again.',
    )
  return position
}
