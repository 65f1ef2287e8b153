// The built pages (dist/), with index.html for every address that the pages route themselves.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import type { Config } from '../config.ts'
import { guard, type RequestEnv } from '../journey/request.ts'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))

/** What Stripe.js, its frames, Link and the address field load (https://docs.stripe.com/security/guide). */
const stripeSources = {
  script: [
    'https://js.stripe.com',
    'https://*.js.stripe.com',
    'https://checkout.stripe.com',
    'https://maps.googleapis.com',
  ],
  frame: [
    'https://js.stripe.com',
    'https://*.js.stripe.com',
    'https://hooks.stripe.com',
    'https://checkout.stripe.com',
    'https://link.com',
    'https://*.link.com',
  ],
  connect: [
    'https://api.stripe.com',
    'https://checkout.stripe.com',
    'https://maps.googleapis.com',
    'https://link.com',
    'https://*.link.com',
  ],
  image: ['https://*.stripe.com', 'https://*.link.com'],
}

/** Frames that may ask for a payment: wallets open from within them. */
export const paymentFrames = [
  'https://js.stripe.com',
  'https://checkout.stripe.com',
  'https://hooks.stripe.com',
]

/** Allows our own scripts and styles, Stripe's scripts and frames, and the video rooms. */
export function contentSecurityPolicy(config: Config) {
  const stripe = new URL(config.stripe.jsUrl).origin
  const other = (sources: string[]) => (sources.includes(stripe) ? sources : [stripe, ...sources])
  const local = config.isProduction ? [] : ['http://localhost:*', 'http://127.0.0.1:*']
  return {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'", ...other(stripeSources.script), ...local],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:', 'https:', ...stripeSources.image, ...local],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'", ...other(stripeSources.connect), ...local],
    frameSrc: ["'self'", ...other(stripeSources.frame), 'https://*.daily.co', ...local],
    workerSrc: ["'self'"],
    manifestSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  }
}

/** Apple asks for its file at this address before it shows Apple Pay on a domain. */
const applePath = '/.well-known/apple-developer-merchantid-domain-association'

export function pageRoutes({ applePayDomainFile }: Config): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>()
  if (applePayDomainFile !== '') app.get(applePath, guard('public'), (c) => c.text(applePayDomainFile))
  const forever = 'public, max-age=31536000, immutable'
  // The build puts a compressed file beside each text file.
  app.use(
    '/assets/*',
    serveStatic({
      root: dist,
      precompressed: true,
      onFound: (_path, c) => void c.header('cache-control', forever),
    }),
  )
  app.use(
    '*',
    serveStatic({
      root: dist,
      precompressed: true,
      onFound: (_path, c) => void c.header('cache-control', 'no-cache'),
    }),
  )
  app.get('*', guard('public'), async (c) => {
    const isFile = /\.[a-z0-9]+$/i.test(c.req.path) || c.req.path.startsWith('/.well-known/')
    if (isFile) return c.notFound()
    const page = await readFile(`${dist}index.html`, 'utf8').catch(() => undefined)
    if (!page) return c.text('The pages have not been built yet. Run "npm start", or "npm run build".', 503)
    return c.html(page, 200, { 'cache-control': 'no-cache' })
  })
  return app
}
