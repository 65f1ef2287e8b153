// The host dashboard, Connect onboarding and what a host has earned.
import { z } from '@hono/zod-openapi'
import { answers, requireHost, route, router } from '../request.ts'
import { earningsFile } from './earnings-file.ts'
import { earningsView } from './earnings-view.ts'
import { hostDashboardView } from './host-dashboard-view.ts'
import { readEarnings } from './read-earnings.ts'
import { readHostDashboard } from './read-host-dashboard.ts'
import { canBePaidView, stripePageView } from './onboarding-view.ts'
import { openDashboard } from './open-dashboard.ts'
import { refreshHostAccount } from './refresh-host-account.ts'
import { startOnboarding } from './start-onboarding.ts'

export const payoutRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/host',
      access: 'host',
      summary: 'The host dashboard',
      responses: answers(hostDashboardView.openapi('HostDashboard'), 'The host dashboard'),
    }),
    async (c) => c.json(await readHostDashboard(c.get('ctx').db, requireHost(c).id), 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/onboarding',
      access: 'host',
      summary: "Go to Stripe's onboarding",
      responses: answers(stripePageView, 'Where to go'),
    }),
    async (c) => c.json(await startOnboarding(c.get('ctx'), requireHost(c).id), 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/onboarding/refresh',
      access: 'host',
      summary: 'Ask Stripe how the onboarding stands',
      responses: answers(canBePaidView, 'How it stands'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const hostId = requireHost(c).id
      const { stripeAccountId } = await ctx.db
        .selectFrom('hosts')
        .select('stripeAccountId')
        .where('id', '=', hostId)
        .executeTakeFirstOrThrow()
      if (stripeAccountId) await refreshHostAccount(ctx, stripeAccountId)
      const { canBePaid } = await ctx.db
        .selectFrom('hosts')
        .select('canBePaid')
        .where('id', '=', hostId)
        .executeTakeFirstOrThrow()
      return c.json({ canBePaid }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/dashboard-link',
      access: 'host',
      summary: "Go to the host's dashboard at Stripe",
      responses: answers(stripePageView, 'Where to go'),
    }),
    async (c) => c.json(await openDashboard(c.get('ctx'), requireHost(c).id), 200),
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/host/earnings',
      access: 'host',
      summary: 'What the host has earned, session by session',
      responses: answers(earningsView.openapi('Earnings'), 'The earnings'),
    }),
    async (c) => {
      const { db, config } = c.get('ctx')
      return c.json(await readEarnings(db, requireHost(c).id, config.payoutDelayHours), 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/host/earnings.csv',
      access: 'host',
      summary: 'The same for a spreadsheet',
      responses: {
        200: { description: 'Comma-separated values', content: { 'text/csv': { schema: z.string() } } },
      },
    }),
    async (c) => {
      const { db, config } = c.get('ctx')
      const file = earningsFile(await readEarnings(db, requireHost(c).id, config.payoutDelayHours))
      return c.body(file, 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="presence-earnings.csv"',
      })
    },
  )
