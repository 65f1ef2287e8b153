// What an outsider, or somebody who is signed in, tries against a running Presence. Each attempt answers with
// its evidence, throws what it found open, or says why it cannot be tried here.
import { Person, type World } from '../../world/person.ts'

export type Target = {
  url: string
  /** With the sandbox people can sign in; without it only strangers try. */
  world?: World | undefined
  operatorMobileNumber?: string | undefined
  newNumber: () => string
}
export type Attempt = [name: string, attempt: (target: Target) => Promise<string>]

/** Not tried: something that it needs is not there. */
export class NotTried extends Error {}

function expects(isHeld: boolean, found: string): void {
  if (!isHeld) throw new Error(found)
}

async function ask(target: Target, path: string, init: RequestInit = {}): Promise<Response> {
  const asked = () => fetch(target.url + path, { redirect: 'manual', ...init })
  // A refused large body closes its connection, which the next request may still be given.
  return asked().catch(asked)
}

function posted(body: unknown, headers: Record<string, string> = {}): RequestInit {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text }
}

async function signedIn(target: Target, mobileNumber = target.newNumber()): Promise<Person> {
  if (!target.world) throw new NotTried('needs the sandbox, whose phones can be read')
  const person = new Person(target.world, mobileNumber)
  await person.signIn()
  return person
}

const otherWays = [
  'sign-up/email',
  'sign-in/email',
  'sign-in/phone-number',
  'sign-in/social',
  'phone-number/request-password-reset',
  'phone-number/reset-password',
  'request-password-reset',
  'reset-password',
  'change-password',
  'set-password',
  'change-email',
  'update-user',
  'delete-user',
  'list-sessions',
  'list-accounts',
  'link-social',
  'get-access-token',
  'revoke-sessions',
]

type Described = Record<string, Record<string, { 'x-access'?: string }>>

/** Every documented route with who may use it; ids are of nobody. */
async function routesOf(target: Target): Promise<{ method: string; path: string; access: string }[]> {
  const { paths } = (await (await ask(target, '/openapi.json')).json()) as { paths: Described }
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { 'x-access': access = 'undeclared' }]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{[^}]+\}/g, '01990000-0000-7000-8000-000000000000'),
      access,
    })),
  )
}

export const attempts: Attempt[] = [
  [
    'sign-in has one way: the code',
    async (target) => {
      for (const way of otherWays)
        for (const method of ['GET', 'POST']) {
          const init = method === 'POST' ? posted({}) : {}
          const { status } = await ask(target, `/api/auth/${way}`, init)
          expects(status === 404, `${method} /api/auth/${way} answers ${status}`)
        }
      return `${otherWays.length} other routes of better-auth answer 404`
    },
  ],
  [
    'verifying takes nothing that changes an account',
    async (target) => {
      const body = { phoneNumber: target.newNumber(), code: '000000', updatePhoneNumber: true }
      const { status } = await ask(target, '/api/auth/phone-number/verify', posted(body))
      expects(status === 400, `updatePhoneNumber is answered with ${status}`)
      return 'updatePhoneNumber: 400'
    },
  ],
  [
    'a stranger gets nothing from any route that is not public',
    async (target) => {
      const closed = (await routesOf(target)).filter(({ access }) => access !== 'public')
      expects(closed.length > 40, `only ${closed.length} routes are declared`)
      for (const { method, path } of closed) {
        const { status } = await ask(target, path, method === 'GET' ? {} : { ...posted({}), method })
        expects([401, 404, 429].includes(status), `${method} ${path} answers ${status}`)
      }
      return `${closed.length} routes answer 401 or 404`
    },
  ],
  [
    'a member gets nothing from the routes of hosts and operators',
    async (target) => {
      const member = await signedIn(target)
      const closed = (await routesOf(target)).filter(
        ({ access }) => access === 'host' || access === 'operator',
      )
      for (const { method, path } of closed) {
        const { status } = await member.fetch(path, method === 'GET' ? {} : { ...posted({}), method })
        expects(status === 403, `${method} ${path} answers ${status}`)
      }
      return `${closed.length} routes answer 403`
    },
  ],
  [
    'webhooks without a signature change nothing',
    async (target) => {
      const names = [
        'stripe-payment-confirm',
        'calcom-webhook',
        'daily-webhook',
        'twilio-status',
        'twilio-inbound',
        'airtable-webhook',
      ]
      for (const name of names) {
        const { status } = await ask(target, `/functions/v1/${name}`, posted({ id: 'evt_1', type: 'x' }))
        expects(status === 401, `${name} answers ${status}`)
      }
      return `${names.length} webhooks answer 401`
    },
  ],
  [
    'made-up links and calendars open nothing',
    async (target) => {
      for (const path of [
        '/api/manage/AAAA',
        `/api/manage/${'A'.repeat(43)}`,
        `/calendar/${'A'.repeat(32)}.ics`,
      ]) {
        const { status } = await ask(target, path)
        expects(status === 404, `${path} answers ${status}`)
      }
      return '3 made-up addresses answer 404'
    },
  ],
  [
    'another site cannot act for somebody who is signed in',
    async (target) => {
      const foreign: Record<string, string>[] = [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
      ]
      for (const headers of foreign) {
        const { status } = await ask(target, '/api/checkout', posted({}, headers))
        expects(status === 403, `${JSON.stringify(headers)} is answered with ${status}`)
      }
      return '3 foreign origins: 403'
    },
  ],
  [
    'headers keep pages and answers to whom they are for',
    async (target) => {
      const answer = await ask(target, '/api/me')
      const wanted: [string, RegExp][] = [
        ['cache-control', /no-store/],
        ['strict-transport-security', /max-age=63072000/],
        ['content-security-policy', /frame-ancestors 'none'/],
        ['content-security-policy', /object-src 'none'/],
        ['x-content-type-options', /nosniff/],
        ['x-frame-options', /DENY/],
        ['referrer-policy', /origin/],
        ['permissions-policy', /camera/],
      ]
      for (const [name, pattern] of wanted)
        expects(
          pattern.test(answer.headers.get(name) ?? ''),
          `${name} is "${answer.headers.get(name) ?? ''}"`,
        )
      return wanted.map(([name]) => name).join(', ')
    },
  ],
  [
    'the cookie is out of reach of scripts and other sites',
    async (target) => {
      const person = await signedIn(target)
      const answer = await person.fetch('/api/auth/sign-out', posted({}))
      const [line = ''] = answer.headers.getSetCookie()
      const isSecure = target.url.startsWith('https:')
      const wanted = ['HttpOnly', 'SameSite=Lax', 'Path=/', ...(isSecure ? ['Secure', '__Host-'] : [])]
      for (const word of wanted) expects(line.includes(word), `${word} is missing: ${line.split('=')[0]}`)
      return wanted.join(', ')
    },
  ],
  [
    'figures and the clock are not for everybody',
    async (target) => {
      const metrics = await ask(target, '/metrics', { headers: { 'x-forwarded-for': '203.0.113.7' } })
      expects(metrics.status === 404, `/metrics answers ${metrics.status} through a proxy`)
      const clock = await ask(target, '/clock', posted({ offsetMs: 1 }))
      expects([401, 404].includes(clock.status), `POST /clock answers ${clock.status}`)
      return `/metrics ${metrics.status}, /clock ${clock.status}`
    },
  ],
  [
    'bad bodies are refused, and the process goes on',
    async (target) => {
      const bodies: [string, string][] = [
        ['deep', '['.repeat(50_000)],
        ['huge number', '{"hostId":1e999}'],
        ['prototype', '{"__proto__":{"isOperator":true}}'],
        ['large', JSON.stringify({ text: 'x'.repeat(200_000) })],
        ['no JSON', '{'],
      ]
      const seen: string[] = []
      for (const [what, body] of bodies) {
        const { status } = await ask(target, '/api/auth/phone-number/verify', posted(body))
        expects(status >= 400 && status < 500, `${what} is answered with ${status}`)
        seen.push(`${what} ${status}`)
      }
      expects((await ask(target, '/healthz')).status === 200, 'the process is gone')
      return seen.join(', ')
    },
  ],
  [
    'no file beside the pages can be read',
    async (target) => {
      const paths = [
        '/..%2f..%2fpackage.json',
        '/%2e%2e/%2e%2e/.env',
        '/assets/..%2f..%2f.env',
        '/.env',
        '/.git/config',
      ]
      for (const path of paths) {
        const text = await (await ask(target, path)).text()
        expects(!/AUTH_SECRET|"dependencies"|\[core\]/.test(text), `${path} is readable`)
      }
      return `${paths.length} paths lead nowhere`
    },
  ],
  [
    'text of any kind is answered and never breaks a search',
    async (target) => {
      for (const text of ["' or 1=1 --", '%00', '\u202e', '<script>', '{{host_name}}', '=1+1', '\\', '%']) {
        const { status } = await ask(target, `/api/hosts?q=${encodeURIComponent(text)}`)
        expects(status === 200 || status === 400, `${JSON.stringify(text)} is answered with ${status}`)
      }
      return '8 searches: 200 or 400'
    },
  ],
  [
    'a flood is answered with 429 and when to come back',
    async (target) => {
      for (let asked = 0; asked < 200; asked++) {
        const answer = await ask(target, '/api/manage/AAAA')
        if (answer.status === 429) {
          const wait = answer.headers.get('retry-after')
          expects(Number(wait) > 0, '429 without Retry-After')
          return `request ${asked + 1}: 429, Retry-After ${wait}`
        }
      }
      if (target.world) throw new NotTried('the sandbox raises the limits (LIMIT_FACTOR)')
      throw new Error('200 requests in a row were answered')
    },
  ],
  [
    'leaving everywhere ends every sign-in',
    async (target) => {
      const phone = await signedIn(target)
      const laptop = await signedIn(target, phone.mobileNumber)
      await laptop.ask('POST', '/api/me/sign-out-everywhere')
      const { status } = await phone.fetch('/api/me')
      expects(status === 401, `the other device is answered with ${status}`)
      return 'the other device: 401'
    },
  ],
  [
    'somebody can be stopped at once',
    async (target) => {
      if (!target.operatorMobileNumber) throw new NotTried('needs --operator NUMBER')
      const member = await signedIn(target)
      const { member: row } = await member.ask<{ member: { id: string } }>('GET', '/api/me')
      const operator = await signedIn(target, target.operatorMobileNumber)
      await operator.ask('POST', `/api/ops/members/${row.id}/suspend`, { reason: 'npm run security' })
      const { status } = await member.fetch('/api/me')
      expects(status === 401, `a suspended member is answered with ${status}`)
      const again = await member.signIn().then(
        () => 'let in',
        (error: { code?: string }) => error.code ?? String(error),
      )
      expects(again === 'suspended', `signing in again: ${again}`)
      return 'sign-in ended; a new one is refused with "suspended"'
    },
  ],
]
