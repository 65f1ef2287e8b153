import { expect, test } from 'vitest'
import { pages, providers } from './providers.ts'
import { startWorld } from './testing/world.ts'

test('every service answers 404 in its own shape for a path that is not covered', async () => {
  const { sandbox } = await startWorld({ providers, pages })
  const { keys } = sandbox.ctx
  const stripeKey = { authorization: `Bearer ${keys['STRIPE_SECRET_KEY']}` }
  const uncovered: [path: string, headers: Record<string, string>, shape: object][] = [
    [
      '/v1/issuing/cards',
      stripeKey,
      { error: { type: 'invalid_request_error', message: expect.any(String) } },
    ],
    [
      '/2010-04-01/Accounts/AC1/Calls.json',
      {},
      { code: 20404, status: 404, message: expect.any(String), more_info: expect.any(String) },
    ],
    ['/v2/Services/VA1/Entities', {}, { code: 20404, status: 404 }],
    [
      '/v2/teams/1',
      { 'cal-api-version': '2024-08-13' },
      { status: 'error', error: { code: expect.any(String), message: expect.any(String) } },
    ],
    ['/v1/recordings', {}, { error: 'not-found' }],
    ['/v0/app1/tbl1/rec1/comments', {}, { error: expect.anything() }],
  ]
  for (const [path, headers, shape] of uncovered) {
    const answer = await fetch(`http://127.0.0.1:${sandbox.port}${path}`, { headers })
    expect(answer.headers.get('content-type')).toContain('application/json')
    expect({ path, status: answer.status, body: await answer.json() }).toMatchObject({
      path,
      status: 404,
      body: shape,
    })
  }
})

test('no two services own the same address', () => {
  const addresses = providers.flatMap((provider) =>
    provider.operations.map(({ method, path }) => `${method} ${path.replace(/:\w+(\{[^}]*\})?/g, ':')}`),
  )
  expect(addresses.filter((address, at) => addresses.indexOf(address) !== at)).toEqual([])
})

test('every service has its own name, and every operation too', () => {
  expect(providers.map(({ name }) => name)).toEqual(['stripe', 'twilio', 'calcom', 'daily', 'airtable'])
  for (const { operations } of providers)
    expect(new Set(operations.map(({ name, method, path }) => `${name} ${method} ${path}`)).size).toBe(
      operations.length,
    )
})
