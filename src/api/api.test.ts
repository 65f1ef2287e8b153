import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { api } from './api.ts'
import { ApiProblem } from './request.ts'

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })
const asked: [string, RequestInit][] = []
let replies: Response[] = []

beforeEach(() => {
  asked.length = 0
  replies = []
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  })
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push([path, init])
    const reply = replies.shift()
    if (!reply) throw new TypeError('Failed to fetch')
    return reply
  })
})

afterEach(() => void vi.unstubAllGlobals())

test('a refusal keeps its code and shows its own sentence', async () => {
  replies = [answer(409, { code: 'time_taken', detail: 'Somebody else has just taken that time.' })]
  const problem = await api.schedule('b', 'h', '2026-11-25T02:00:00Z').catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(ApiProblem)
  expect(problem).toMatchObject({
    code: 'time_taken',
    status: 409,
    message: 'Somebody else has just taken that time.',
  })
})

test('an unreadable answer, or none at all, becomes a sentence for people', async () => {
  replies = [new Response('<html>Bad gateway</html>', { status: 502 })]
  await expect(api.bookings()).rejects.toMatchObject({
    code: 'unknown',
    message: expect.stringMatching(/went wrong on our side/),
  })
  await expect(api.bookings()).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/connection/),
  })
})

test('the wording of a schema error is not shown to a person', async () => {
  replies = [
    answer(400, {
      code: 'invalid_input',
      detail: 'Something (q: Too big: expected string to have <=100 characters).',
      fields: [{ field: 'q' }],
    }),
  ]
  await expect(api.bookings()).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringMatching(/^Something here isn't in the form we need/),
  })
})

test('a visitor is recognised without a request that would be refused', async () => {
  replies = [answer(200, null)]
  expect(await api.me()).toBeNull()
  expect(asked.map(([path]) => path)).toEqual(['/api/auth/get-session'])
})

test('after the sign-in has ended a person counts as a visitor, and the next request is no refused one', async () => {
  const me = { member: null, host: null, isOperator: true, mobileNumber: '+61491578888' }
  replies = [
    answer(200, { session: {} }),
    answer(200, me),
    answer(401, { code: 'not_signed_in', detail: 'Please sign in.' }),
    answer(200, null),
  ]
  expect(await api.me()).toEqual(me)
  expect(await api.me()).toBeNull()
  expect(await api.me()).toBeNull()
  expect(asked.map(([path]) => path)).toEqual([
    '/api/auth/get-session',
    '/api/me',
    '/api/me',
    '/api/auth/get-session',
  ])
})

test('typed text is sent encoded, and empty filters are not sent', async () => {
  replies = [answer(200, { hosts: [], nextCursor: null, total: 0 }), answer(200, {})]
  await api.hosts({ q: 'tea & talk', tags: '', limit: 12 })
  await api.host('../me')
  expect(asked.map(([path]) => path)).toEqual(['/api/hosts?q=tea+%26+talk&limit=12', '/api/hosts/..%2Fme'])
})

test('every change is sent as JSON, which the server demands against forged requests', async () => {
  replies = [answer(200, {})]
  await api.likeHost('h')
  expect(asked[0]?.[1]).toMatchObject({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
})
