// GET /api/plans
import { z } from '@hono/zod-openapi'
import { answers, route, router } from '../request.ts'
import { plans } from './plan.ts'

const terms = z
  .object({
    plan: z.enum(['Adhoc', 'Weekly']),
    priceCents: z.int(),
    currency: z.literal('AUD'),
    sessions: z.int(),
    sessionMinutes: z.int(),
    validDays: z.int(),
    hostSharePercent: z.int(),
    anyHost: z.boolean(),
    freeChangeHours: z.number(),
    hostFailureExtensionDays: z.int(),
    expiryWarningHours: z.number(),
  })
  .openapi('Plan')

export const planRoutes = router().openapi(
  route({
    method: 'get',
    path: '/api/plans',
    summary: 'What is sold',
    responses: answers(z.object({ plans: z.array(terms) }), 'All plans'),
  }),
  (c) => c.json({ plans: Object.values(plans) }, 200),
)
