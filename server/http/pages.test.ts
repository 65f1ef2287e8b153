// The headers of production against the list in Stripe's documents, and Stripe.js of the interface's version.
import { readFileSync } from 'node:fs'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import Stripe from 'stripe'
import { expect, test } from 'vitest'
import type { Config } from '../config.ts'
import { contentSecurityPolicy } from './pages.ts'

const config = {
  isProduction: true,
  stripe: { jsUrl: 'https://js.stripe.com/endive/stripe.js' },
} as unknown as Config

/** https://docs.stripe.com/security/guide#content-security-policy */
const documented = {
  'script-src':
    'https://js.stripe.com https://*.js.stripe.com https://checkout.stripe.com https://maps.googleapis.com',
  'frame-src':
    'https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com https://checkout.stripe.com ' +
    'https://link.com https://*.link.com',
  'connect-src':
    'https://api.stripe.com https://checkout.stripe.com https://maps.googleapis.com https://link.com ' +
    'https://*.link.com',
  'img-src': 'https://*.stripe.com https://*.link.com',
}

async function policy(of: Config): Promise<Map<string, string[]>> {
  const app = new Hono().use(secureHeaders({ contentSecurityPolicy: contentSecurityPolicy(of) }))
  const header = (await app.request('/')).headers.get('content-security-policy')!
  return new Map(
    header.split(';').map((part) => {
      const [name = '', ...sources] = part.trim().split(/\s+/)
      return [name, sources]
    }),
  )
}

test.each(Object.entries(documented))(
  'production allows in %s all that the payment page loads',
  async (name, list) => {
    expect((await policy(config)).get(name)).toEqual(expect.arrayContaining(list.split(' ')))
  },
)

test('production allows nothing of this machine, and no script from anywhere', async () => {
  const found = await policy(config)
  expect([...found.values()].flat().filter((source) => /localhost|127\.0/.test(source))).toEqual([])
  expect(found.get('script-src')).not.toContain('https:')
  expect(found.get('script-src')).not.toContain("'unsafe-inline'")
})

test("Stripe.js is of the release that the installed package's interface version names", () => {
  const text = readFileSync(new URL('../config.ts', import.meta.url), 'utf8')
  const [, release] = /\.([a-z]+)$/.exec(Stripe.API_VERSION)!
  expect(text).toContain(`https://js.stripe.com/${release}/stripe.js`)
})
