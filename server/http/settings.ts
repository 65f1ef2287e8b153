// GET /api/settings
import { now } from '../lib/time.ts'
import { answers, route, router } from '../journey/request.ts'
import { settingsView } from './settings-view.ts'

export const settingsRoutes = router().openapi(
  route({
    method: 'get',
    path: '/api/settings',
    access: 'public',
    summary: 'What the pages must know of this server',
    responses: answers(settingsView.openapi('Settings'), 'The settings'),
  }),
  (c) => {
    const { config, stripe } = c.get('ctx')
    return c.json(
      {
        stripePublishableKey: stripe.publishableKey,
        stripeJsUrl: config.stripe.jsUrl,
        video: config.video,
        isRatingOn: config.isRatingOn,
        contactEmail: config.contactEmail,
        serverNow: now().toISOString(),
      },
      200,
    )
  },
)
