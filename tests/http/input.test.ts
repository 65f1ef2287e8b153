import { afterAll, beforeAll, expect, test } from 'vitest'
import { Person } from '../../world/person.ts'
import { alwaysFreeHost, type Host, type Member, signedInMember, signedInOperator } from '../people/actors.ts'
import { query } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { type Attempt, attemptsOf, type Document } from './malformed.ts'

let presence: Presence
let attempts: Attempt[]
let member: Member
let ruby: Host
let operator: Person

beforeAll(async () => {
  presence = await startPresence()
  const document = (await (await fetch(`${presence.url}/openapi.json`)).json()) as Document
  // It has no input, and would sign everybody out.
  attempts = attemptsOf(document).filter(({ path }) => path !== '/api/me/sign-out-everywhere')
  member = await signedInMember(presence)
  ruby = await alwaysFreeHost(presence)
  operator = await signedInOperator(presence)
})
afterAll(() => presence?.stop())

/** The problem of an answer to malformed input; undefined where it is right. */
async function complaint(
  person: Person,
  attempt: Attempt,
  onStatus: (status: number) => void,
): Promise<string | undefined> {
  const response = await person.fetch(attempt.path, {
    method: attempt.method,
    headers: attempt.headers,
    ...(attempt.body === undefined ? {} : { body: attempt.body }),
  })
  onStatus(response.status)
  const text = await response.text()
  const where = `${attempt.method} ${attempt.path.slice(0, 80)} with ${attempt.what}: ${response.status}`
  if (response.status >= 500 && response.status !== 503) return `${where} ${text.slice(0, 200)}`
  if (response.ok)
    return /^(application\/json|text\/(calendar|csv|plain))/.test(response.headers.get('content-type') ?? '')
      ? undefined
      : `${where} is ${response.headers.get('content-type')}`
  if (!response.headers.get('content-type')?.startsWith('application/problem+json'))
    return `${where} is ${response.headers.get('content-type')}: ${text.slice(0, 100)}`
  const problem = JSON.parse(text) as Record<string, unknown>
  const isWhole =
    problem['status'] === response.status &&
    /^[a-z_]+$/.test(String(problem['code'])) &&
    /^[A-Z].*[.!?]$/s.test(String(problem['detail']))
  return isWhole && typeof problem['title'] === 'string' && typeof problem['type'] === 'string'
    ? undefined
    : `${where} ${text.slice(0, 200)}`
}

/**
 * Whoever was turned away from a route ten times, and never let in, is turned away before the input is looked
 * at: from then on only every eighth attempt is made.
 */
function turnedAway() {
  const routes = new Map<string, { asked: number; refused: number; isLetIn: boolean }>()
  const of = (route: string) => {
    const seen = routes.get(route) ?? { asked: 0, refused: 0, isLetIn: false }
    routes.set(route, seen)
    return seen
  }
  return {
    note: ({ route }: Attempt, status: number) => {
      if (status === 401 || status === 403) of(route).refused += 1
      else if (status < 300) of(route).isLetIn = true
    },
    passesOver: ({ route }: Attempt) => {
      const seen = of(route)
      seen.asked += 1
      return !seen.isLetIn && seen.refused >= 10 && seen.asked % 8 !== 0
    },
  }
}

const people: [string, () => Person][] = [
  ['nobody', () => new Person(presence, '+61400000000')],
  ['a member', () => member],
  ['a host', () => ruby],
  ['an operator', () => operator],
]

test.each(people)(
  'malformed input that %s sends to any route is answered with a problem, never with a failure',
  async (_who, personOf) => {
    const person = personOf()
    const complaints: string[] = []
    const away = turnedAway()
    let next = 0
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        for (let attempt = attempts[next++]; attempt; attempt = attempts[next++]) {
          if (away.passesOver(attempt)) continue
          const wrong = await complaint(person, attempt, (status) => away.note(attempt, status))
          if (wrong) complaints.push(wrong)
        }
      }),
    )
    expect(attempts.length).toBeGreaterThan(1_000)
    expect(complaints).toEqual([])
    expect(presence.logs().match(/ failed: .*/g), 'nothing was thrown by surprise').toBe(null)
  },
)

test('malformed input has changed nothing that anybody owns', async () => {
  const [count] = await query(
    presence.databaseUrl,
    'select (select count(*) from bookings)::int as bookings, (select count(*) from ledger_entries)::int as entries',
  )
  expect(count).toEqual({ bookings: 0, entries: 0 })
})

test.each(['/api/nowhere', '/api/bookings/1/2/3', '/functions/v1/nothing', '/api/%00'])(
  'an address that does not exist is answered with a problem: %s',
  async (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      const response = await fetch(`${presence.url}${path}`, {
        method,
        ...(method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: '{}' }),
      })
      expect([method, response.status]).toEqual([method, 404])
      expect(response.headers.get('content-type')).toContain('application/problem+json')
    }
  },
)

test('a body that is too large is refused before it is read', async () => {
  const response = await member.fetch('/api/me', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fullName: 'x'.repeat(200_000) }),
  })
  expect(response.status).toBe(413)
  expect(await response.json()).toMatchObject({ code: 'body_too_large' })
})

test.each([
  ['a time zone nobody knows', { timeZone: 'Mars/Olympus' }],
  ['a name of spaces', { fullName: '   ' }],
  ['a name that never ends', { fullName: 'x'.repeat(101) }],
  ['an address without an at', { email: 'sam.example.com' }],
  ['nothing at all', {}],
  ['what is not theirs to say', { fullName: 'Sam', status: 'Suspended' }],
])('a member cannot give %s', async (_what, body) => {
  await expect(member.ask('PATCH', '/api/me', body)).rejects.toMatchObject({
    status: 400,
    code: 'invalid_input',
  })
})
