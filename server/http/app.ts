// The HTTP application: who is asking, the allowed origins, the routes of every step, webhooks and pages.
import { getConnInfo } from '@hono/node-server/conninfo'
import { OpenAPIHono } from '@hono/zod-openapi'
import { secureHeaders } from 'hono/secure-headers'
import type { Context as HonoContext } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Refusal } from '../lib/errors.ts'
import { isMobileNumber } from '../lib/phone-number.ts'
import { bookingRoutes } from '../journey/bookings/routes.ts'
import { connectionRoutes } from '../journey/connections/routes.ts'
import type { Context } from '../journey/context.ts'
import { hostRoutes } from '../journey/hosts/routes.ts'
import { memberRoutes } from '../journey/members/routes.ts'
import { helpRoutes, messageRoutes } from '../journey/messages/routes.ts'
import { payoutRoutes } from '../journey/payouts/routes.ts'
import { planRoutes } from '../journey/plans/routes.ts'
import { purchaseRoutes } from '../journey/purchases/routes.ts'
import { operatorRoutes } from '../journey/operations/routes.ts'
import { privacyRoutes } from '../journey/privacy/routes.ts'
import { refundRoutes } from '../journey/refunds/routes.ts'
import { roomRoutes } from '../journey/rooms/routes.ts'
import { ratingRoutes } from '../journey/ratings/routes.ts'
import { timesRoutes } from '../journey/times/routes.ts'
import { guard, type RequestEnv } from '../journey/request.ts'
import { codeRoutes } from './code-routes.ts'
import { clockRoutes } from './clock.ts'
import { answerError, asProblem, problem } from './errors.ts'
import { refuseUnguarded } from './route-table.ts'
import { healthRoutes } from './health.ts'
import { countRequest, giveCodeBack, limitCodes, limitRequests } from './limits.ts'
import { keepTrail } from './trail.ts'
import type { LiveHub } from './live.ts'
import { contentSecurityPolicy, pageRoutes, paymentFrames } from './pages.ts'
import { openSignIn, addressHeader } from './sign-in.ts'
import { signInPath, signInRequest, signInRoutes } from './sign-in-routes.ts'
import { settingsRoutes } from './settings.ts'
import { webhookRoutes } from './webhooks.ts'
import { whoAsks } from './who.ts'

/** The origins under which this server is opened in a browser. */
function allowedOrigins(ctx: Context): string[] {
  const own = new URL(ctx.config.publicUrl)
  if (ctx.config.isProduction) return [own.origin]
  return [own.origin, ...['localhost', '127.0.0.1'].map((host) => `http://${host}:${ctx.config.port}`)]
}

export function openApp(ctx: Context, live: LiveHub) {
  const origins = allowedOrigins(ctx)
  const signIn = openSignIn(ctx, origins)
  const app = new OpenAPIHono<RequestEnv>()
  app.onError(answerError)
  app.notFound((c) => problem(c, 404, 'not_found', 'There is nothing at this address.'))

  app.use(
    secureHeaders({
      contentSecurityPolicy: contentSecurityPolicy(ctx.config),
      crossOriginResourcePolicy: 'same-origin',
      crossOriginEmbedderPolicy: false,
      // Banks and wallets open windows of their own, which answer to this one.
      crossOriginOpenerPolicy: 'same-origin-allow-popups',
      strictTransportSecurity: 'max-age=63072000; includeSubDomains',
      referrerPolicy: 'strict-origin-when-cross-origin',
      xFrameOptions: 'DENY',
      permissionsPolicy: {
        camera: ['self', '*'],
        microphone: ['self', '*'],
        displayCapture: ['self', '*'],
        autoplay: ['self', '*'],
        payment: ['self', ...paymentFrames],
      },
    }),
  )
  app.use(async (c, next) => {
    c.set('ctx', ctx)
    c.set('who', null)
    c.set('address', addressOf(ctx, c))
    await next()
  })

  // What a person is told is for them alone, also in the caches between.
  app.use('/api/*', async (c, next) => {
    await next()
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
  })

  app.route('/functions/v1', webhookRoutes())
  app.route('/', healthRoutes())
  if (ctx.config.clock.isMovable) app.route('/', clockRoutes())

  for (const path of ['/api/*', '/functions/v1/*']) {
    app.use(
      path,
      bodyLimit({
        maxSize: 100_000,
        onError: () => {
          throw new Refusal('body_too_large', 'This request is too large. Please shorten what you wrote.')
        },
      }),
      async (c, next) => {
        if (!isSameSite(c.req.method, c.req.header('origin'), c.req.header('sec-fetch-site'), origins)) {
          throw new Refusal('not_allowed', 'This request came from another site.')
        }
        await next()
      },
    )
  }
  for (const { method, path, access, body } of signInRoutes) {
    app.on(method, signInPath + path, guard(access), async (c) => {
      const request = await signInRequest(c.req.raw, body)
      const address = c.get('address')
      request.headers.set(addressHeader, address)
      const number = body && ((await request.clone().json()) as { phoneNumber: string }).phoneNumber
      const isAsked = number !== undefined && isMobileNumber(number)
      if (path.endsWith('/send-otp') && isAsked) await limitCodes(ctx, { number, address })
      if (path.endsWith('/verify')) await countRequest(ctx, 'tries', { address })
      const answer = await signIn.handler(request)
      if (path.endsWith('/verify') && isAsked && answer.ok) await giveCodeBack(ctx, number)
      return asProblem(c, answer)
    })
  }
  for (const path of ['/api/*', '/functions/v1/*']) {
    app.use(path, async (c, next) => {
      c.set('who', await whoAsks(ctx, signIn, c.req.raw.headers))
      await next()
    })
    app.use(path, limitRequests)
    app.use(path, keepTrail)
  }
  app.use('/calendar/*', limitRequests)
  app.get('/api/events', guard('signed-in'), (c) => live.stream(c))
  const routes = app
    .route('/', settingsRoutes)
    .route('/', planRoutes)
    .route('/', memberRoutes)
    .route('/', purchaseRoutes)
    .route('/', timesRoutes)
    .route('/', hostRoutes)
    .route('/', bookingRoutes)
    .route('/', refundRoutes)
    .route('/', roomRoutes)
    .route('/', ratingRoutes)
    .route('/', messageRoutes)
    .route('/', helpRoutes)
    .route('/', payoutRoutes)
    .route('/', operatorRoutes)
    .route('/', privacyRoutes)
    .route('/', codeRoutes)
    .route('/', connectionRoutes)
  app.get('/openapi.json', guard('public'), (c) => c.json(describeApi(app, ctx)))
  for (const path of ['/api/*', '/functions/*'])
    app.all(path, guard('public'), (c) => problem(c, 404, 'not_found', 'There is nothing at this address.'))
  app.route('/', pageRoutes(ctx.config))
  refuseUnguarded(app)
  return routes
}

function describeApi(app: OpenAPIHono<RequestEnv>, ctx: Context) {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Presence',
      version: '1',
      description:
        'Short paid video conversations. Errors are application/problem+json with a stable `code`.',
    },
    servers: [{ url: ctx.config.publicUrl }],
  })
}

/** The requester's IP address, for rate limits: the last one that our proxy added, or the connection's. */
function addressOf(ctx: Context, c: HonoContext): string {
  const forwarded = ctx.config.isBehindProxy
    ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
    : undefined
  if (forwarded) return forwarded
  // Without a connection (app.request) it is this process that asks.
  const env: unknown = c.env
  const hasConnection = typeof env === 'object' && env !== null && 'incoming' in env
  return (hasConnection ? getConnInfo(c).remote.address : undefined) ?? '127.0.0.1'
}

/**
 * CSRF protection: other sites' forms send our cookies too, so an unsafe request must come from our own pages
 * or from no page at all.
 */
function isSameSite(
  method: string,
  origin: string | undefined,
  fetchSite: string | undefined,
  origins: string[],
): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return true
  if (origin !== undefined) return origins.includes(origin)
  return fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none'
}
