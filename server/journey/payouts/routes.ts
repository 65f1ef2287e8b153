// The host dashboard and Connect onboarding.
import { z } from '@hono/zod-openapi'
import { answers, requireHost, route, router } from '../request.ts'
import { hostDashboard, readHostDashboard } from './read-host-dashboard.ts'
import { refreshHostAccount, startOnboarding } from './onboard-host.ts'

export const payoutRoutes = router()
  .openapi(
    route({ method: 'get', path: '/api/host', summary: 'The host dashboard', responses: answers(hostDashboard, 'The host dashboard') }),
    async (c) => c.json(await readHostDashboard(c.get('ctx').db, requireHost(c).id), 200),
  )
  .openapi(
    route({ method: 'post', path: '/api/host/onboarding', summary: "Go to Stripe's onboarding", responses: answers(z.object({ url: z.string() }), 'Where to go') }),
    async (c) => c.json(await startOnboarding(c.get('ctx'), requireHost(c).id), 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/onboarding/refresh',
      summary: 'Ask Stripe how the onboarding stands',
      responses: answers(z.object({ canBePaid: z.boolean() }), 'How it stands'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const hostId = requireHost(c).id
      const { stripeAccountId } = await ctx.db.selectFrom('hosts').select('stripeAccountId').where('id', '=', hostId).executeTakeFirstOrThrow()
      if (stripeAccountId) await refreshHostAccount(ctx, stripeAccountId)
      const { canBePaid } = await ctx.db.selectFrom('hosts').select('canBePaid').where('id', '=', hostId).executeTakeFirstOrThrow()
      return c.json({ canBePaid }, 200)
    },
  )
