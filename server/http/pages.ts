// The built pages (dist/), with index.html for every address that the pages route themselves.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import type { Config } from '../config.ts'
import { guard, type RequestEnv } from '../journey/request.ts'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))

/** Allows our own scripts and styles, Stripe's script and frames, and the video rooms. */
export function contentSecurityPolicy(config: Config) {
  const stripe = new URL(config.stripe.jsUrl).origin
  const local = config.isProduction ? [] : ['http://localhost:*', 'http://127.0.0.1:*']
  return {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'", stripe, ...local],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:', 'https:', ...local],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'", stripe, 'https://api.stripe.com', ...local],
    frameSrc: ["'self'", stripe, 'https://*.stripe.com', 'https://*.daily.co', ...local],
    workerSrc: ["'self'"],
    manifestSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  }
}

export function pageRoutes(): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>()
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
    const isFile = /\.[a-z0-9]+$/i.test(c.req.path)
    if (isFile) return c.notFound()
    const page = await readFile(`${dist}index.html`, 'utf8').catch(() => undefined)
    if (!page) return c.text('The pages have not been built yet. Run "npm start", or "npm run build".', 503)
    return c.html(page, 200, { 'cache-control': 'no-cache' })
  })
  return app
}
