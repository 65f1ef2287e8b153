// GET /api/plans
import { answers, route, router } from '../request.ts'
import { plansView } from './plan-view.ts'
import { plans } from './plan.ts'

export const planRoutes = router().openapi(
  route({
    method: 'get',
    path: '/api/plans',
    access: 'public',
    summary: 'What is sold',
    responses: answers(plansView.openapi('Plans'), 'All plans'),
  }),
  (c) => c.json({ plans: Object.values(plans) }, 200),
)
