// Headers that keep what a person is told to that person, and figures for the operators' monitor.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signedInMember } from '../people/actors.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

let presence: Presence
beforeAll(async () => {
  presence = await startPresence()
})
afterAll(() => presence?.stop())

test('no cache keeps an answer of the API, be it data, a refusal or nothing', async () => {
  const member = await signedInMember(presence)
  for (const path of [
    '/api/me',
    '/api/hosts',
    '/api/bookings',
    '/api/host',
    '/api/nothing',
    '/api/auth/get-session',
  ]) {
    const answer = await member.fetch(path)
    expect(answer.headers.get('cache-control'), path).toMatch(/no-store/)
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains')
  }
})

test('a window of a bank may answer to the payment page, and wallets may be asked from its frames', async () => {
  const { headers } = await fetch(presence.url)
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin-allow-popups')
  expect(headers.get('permissions-policy')).toContain('payment=(self "https://js.stripe.com"')
})

test("Apple's file is served where a variable has it, and nothing stands there otherwise", async () => {
  const file = `${presence.url}/.well-known/apple-developer-merchantid-domain-association`
  expect((await fetch(file)).status).toBe(404)
  await presence.restart({ APPLE_PAY_DOMAIN_FILE: '7B227073704964' })
  expect(await (await fetch(file)).text()).toBe('7B227073704964')
})

test('figures are for this machine, and with a token for whoever brings it', async () => {
  const read = async (headers: Record<string, string> = {}) =>
    (await fetch(`${presence.url}/metrics`, { headers })).status
  expect(await read()).toBe(200)
  expect(await read({ 'x-forwarded-for': '203.0.113.7' }), 'through a proxy').toBe(404)
  await presence.restart({ METRICS_TOKEN: 'a-token-for-the-monitor' })
  expect(await read()).toBe(404)
  expect(await read({ authorization: 'Bearer a-token-for-the-monitoR' })).toBe(404)
  expect(await read({ authorization: 'Bearer a-token-for-the-monitor' })).toBe(200)
})

test.each([
  ['nested fifty thousand deep', '['.repeat(50_000)],
  ['closed as deep', `${'['.repeat(40_000)}${']'.repeat(40_000)}`],
  ['with a number beyond all', '{"hostId":1e999,"plan":"Adhoc"}'],
  ['with a key of Object.prototype', '{"__proto__":{"isOperator":true},"constructor":1}'],
])('a body %s is refused, and the server goes on', async (_what, body) => {
  const member = await signedInMember(presence)
  for (const path of ['/api/checkout', '/functions/v1/stripe-webhook', '/api/auth/phone-number/verify']) {
    const answer = await member.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(answer.status, path).toBeGreaterThanOrEqual(400)
    expect(answer.status, path).toBeLessThan(500)
  }
  await member.ask('GET', '/api/me')
})

test('no proxy keeps live events back until a buffer is full', async () => {
  const member = await signedInMember(presence)
  const leaving = new AbortController()
  const answer = await member.fetch('/api/events', { signal: leaving.signal })
  expect(answer.headers.get('x-accel-buffering')).toBe('no')
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  leaving.abort()
})
