import { afterAll, beforeAll, expect, test } from 'vitest'
import { newMobileNumber, Person, phoneOf, waitFor } from '../../world/person.ts'
import { signedInMember } from '../people/actors.ts'
import { query } from '../people/evidence.ts'
import { openDatabase } from '../../server/db/client.ts'
import { openSignIn } from '../../server/http/sign-in.ts'
import { signInRoutes } from '../../server/http/sign-in-routes.ts'
import type { Context } from '../../server/journey/context.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

let presence: Presence

beforeAll(async () => {
  presence = await startPresence()
})
afterAll(() => presence?.stop())

const askForCode = (person: Person) =>
  person.ask('POST', '/api/auth/phone-number/send-otp', { phoneNumber: person.mobileNumber })
const enter = (person: Person, code: string) =>
  person.ask('POST', '/api/auth/phone-number/verify', { phoneNumber: person.mobileNumber, code })

async function codeOn(person: Person): Promise<string> {
  return waitFor('the code', async () =>
    (await phoneOf(presence, person.mobileNumber))
      .map(({ body }) => /\b\d{6}\b/.exec(body)?.[0])
      .findLast(Boolean),
  )
}

const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

test('the code signs in once, and a new member begins without a name', async () => {
  const person = new Person(presence, newMobileNumber())
  await askForCode(person)
  const code = await codeOn(person)
  await enter(person, code)
  expect(await person.ask('GET', '/api/me')).toMatchObject({
    member: { fullName: '' },
    host: null,
    isOperator: false,
    mobileNumber: person.mobileNumber,
  })
  const thief = new Person(presence, person.mobileNumber)
  await expect(enter(thief, code), 'a code that was used is worth nothing').rejects.toMatchObject({
    status: 400,
  })
  await expect(thief.ask('GET', '/api/me')).rejects.toMatchObject({ code: 'not_signed_in' })
})

test('a wrong code does not sign in, and the right one still does afterwards', async () => {
  const person = new Person(presence, newMobileNumber())
  await askForCode(person)
  const code = await codeOn(person)
  await expect(enter(person, wrong(code))).rejects.toMatchObject({ status: 400 })
  await expect(person.ask('GET', '/api/me')).rejects.toMatchObject({ status: 401 })
  await enter(person, code)
  await person.ask('GET', '/api/me')
})

test('a code cannot be guessed, because five wrong ones make the right one worthless', async () => {
  const person = new Person(presence, newMobileNumber())
  await askForCode(person)
  const code = await codeOn(person)
  for (let round = 1; round <= 5; round++)
    await expect(enter(person, wrong(code))).rejects.toMatchObject({ status: expect.any(Number) })
  await expect(enter(person, code)).rejects.toMatchObject({ status: expect.any(Number) })
  await expect(person.ask('GET', '/api/me')).rejects.toMatchObject({ status: 401 })
})

test('a phone gets at most five codes in ten minutes, then a sentence says to wait', async () => {
  const person = new Person(presence, newMobileNumber())
  for (let round = 1; round <= 5; round++) await askForCode(person)
  await expect(askForCode(person)).rejects.toMatchObject({
    status: 429,
    code: 'too_many_codes',
    message: expect.stringContaining('wait ten minutes'),
  })
  const refusal = await person.fetch('/api/auth/phone-number/send-otp', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phoneNumber: person.mobileNumber }),
  })
  expect([refusal.headers.get('content-type'), await refusal.json()]).toEqual([
    'application/problem+json',
    expect.objectContaining({
      status: 429,
      code: 'too_many_codes',
      title: 'Too many requests',
      detail: expect.stringMatching(/\.$/),
    }),
  ])
  expect((await phoneOf(presence, person.mobileNumber)).length).toBe(5)
})

test.each([
  '',
  '0491570006',
  '+0491570006',
  '+61 491 570 006',
  '+61491570006x',
  'nobody',
  '+1234567890123456',
  '+61491570006;+61491570007',
  '\u0000',
  '＋61491570006',
  '+610491570006',
  '+8109012345678',
])('a number that is not one is refused before anything is sent: "%s"', async (phoneNumber) => {
  const before = (await phoneOf(presence, '+61491570006')).length
  const person = new Person(presence, phoneNumber)
  await expect(askForCode(person)).rejects.toMatchObject({ status: 400 })
  expect((await phoneOf(presence, '+61491570006')).length).toBe(before)
})

test.each([undefined, null, 5, {}, [], true])(
  'sign-in with %s where a number belongs is refused',
  async (phoneNumber) => {
    const person = new Person(presence, '')
    await expect(
      person.ask('POST', '/api/auth/phone-number/send-otp', { phoneNumber }),
    ).rejects.toMatchObject({ status: 400 })
    await expect(
      person.ask('POST', '/api/auth/phone-number/verify', { phoneNumber, code: phoneNumber }),
    ).rejects.toMatchObject({ status: 400 })
  },
)

test('signing in twice is one member, and signing out ends access', async () => {
  const member = await signedInMember(presence)
  const phone = new Person(presence, member.mobileNumber)
  await phone.signIn()
  expect(await phone.ask('GET', '/api/me')).toMatchObject({ member: { id: member.id } })
  const [count] = await query<{ count: number }>(
    presence.databaseUrl,
    'select count(*)::int as count from members where mobile_number = $1',
    [member.mobileNumber],
  )
  expect(count!.count).toBe(1)
  const cookie = phone.cookie
  await phone.ask('POST', '/api/auth/sign-out', {})
  const after = await fetch(`${presence.url}/api/me`, { headers: { cookie } })
  expect(after.status, 'the old cookie is worth nothing').toBe(401)
  await member.ask('GET', '/api/me')
})

test('a forged or changed cookie signs nobody in', async () => {
  const member = await signedInMember(presence)
  for (const cookie of [
    'presence.session_token=made-up',
    member.cookie.replace(/=./, (first) => (first === '=X' ? '=Y' : '=X')),
    `${member.cookie}x`,
    'presence.session_token=%00',
    'x'.repeat(5_000),
  ]) {
    expect((await fetch(`${presence.url}/api/me`, { headers: { cookie } })).status, cookie.slice(0, 40)).toBe(
      401,
    )
  }
})

test('the sign-in cookie is hidden from scripts and not sent by forms of other sites', async () => {
  const person = new Person(presence, newMobileNumber())
  await askForCode(person)
  const response = await fetch(`${presence.url}/api/auth/phone-number/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phoneNumber: person.mobileNumber, code: await codeOn(person) }),
  })
  const cookies = response.headers.getSetCookie()
  expect(cookies.length).toBeGreaterThan(0)
  for (const cookie of cookies)
    expect(cookie).toMatch(/HttpOnly.*SameSite=(Lax|Strict)|SameSite=(Lax|Strict).*HttpOnly/i)
})

test.each([
  ['of another site', { origin: 'https://evil.example' }],
  ['of another port', { origin: 'http://localhost:1' }],
  ['of no site at all', { origin: 'null' }],
  ['that the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
  ['that looks like ours', { origin: 'http://localhost:80@evil.example' }],
])('a request %s is refused although it brings the cookie', async (_what, headers) => {
  const member = await signedInMember(presence)
  const body = {
    method: 'POST',
    headers: { cookie: member.cookie, 'content-type': 'application/json', ...headers },
    body: '{}',
  }
  for (const path of [
    '/api/likes/seen',
    '/api/checkout',
    '/functions/v1/calcom-create-booking',
    '/api/auth/sign-out',
  ]) {
    expect((await fetch(`${presence.url}${path}`, body)).status, path).toBe(403)
  }
  await member.ask('GET', '/api/me')
  const own = await fetch(`${presence.url}/api/likes/seen`, {
    ...body,
    headers: { ...body.headers, origin: presence.url, 'sec-fetch-site': 'same-origin' },
  })
  expect(own.status, 'our own pages may').toBe(200)
})

test('of everything that better-auth offers, only what Presence uses exists', async () => {
  const db = openDatabase(presence.databaseUrl, 1)
  const config = { publicUrl: presence.url, authSecret: 'x'.repeat(40) }
  const { api } = openSignIn({ config, db } as Context, [])
  const member = await signedInMember(presence)
  type Endpoint = { path?: string; options?: { method?: string | string[] } }
  const offered = Object.values(api as unknown as Record<string, Endpoint>).flatMap(({ path, options }) =>
    path ? [options?.method ?? 'POST'].flat().map((method) => ({ method, path })) : [],
  )
  expect(offered.length).toBeGreaterThan(20)
  const there: string[] = []
  for (const { method, path } of offered) {
    const answer = await fetch(`${presence.url}/api/auth${path.replaceAll(/:\w+/g, 'x')}`, {
      method: method === '*' ? 'POST' : method,
      headers: { cookie: member.cookie, 'content-type': 'application/json' },
      redirect: 'manual',
      ...(method === 'GET' ? {} : { body: '{}' }),
    })
    if (answer.status !== 404) there.push(`${method} ${path}`)
    if (`${method} ${path}` === 'POST /sign-out') await member.signIn()
  }
  expect([...new Set(there)].sort()).toEqual(
    signInRoutes.map(({ method, path }) => `${method} ${path}`).toSorted(),
  )
  await db.destroy()
})

test('verifying takes a number and a code, and nothing that would change an account', async () => {
  const member = await signedInMember(presence)
  const other = new Person(presence, newMobileNumber())
  await askForCode(other)
  const code = await codeOn(other)
  for (const more of [{ updatePhoneNumber: true }, { disableSession: true }, { password: 'secret-enough' }])
    await expect(
      member.ask('POST', '/api/auth/phone-number/verify', {
        phoneNumber: other.mobileNumber,
        code,
        ...more,
      }),
    ).rejects.toMatchObject({ status: 400, code: 'invalid_input' })
  expect(await member.ask('GET', '/api/me')).toMatchObject({ mobileNumber: member.mobileNumber })
  await enter(other, code)
})

test('the database keeps no password, whoever tries to set one', async () => {
  const person = '01990000-0000-7000-8000-0000000000aa'
  await query(
    presence.databaseUrl,
    `insert into people (id, name, email, email_verified, created_at, updated_at)
     values ($1, '', 'x@people.presence.invalid', false, '2027-01-01', '2027-01-01')`,
    [person],
  )
  await expect(
    query(
      presence.databaseUrl,
      `insert into sign_in_accounts (id, person_id, account_id, provider_id, password, created_at, updated_at)
       values ($1, $1, 'x', 'credential', 'hash', '2027-01-01', '2027-01-01')`,
      [person],
    ),
  ).rejects.toThrow('sign_in_accounts_password_check')
})

test('asking twice for a code leaves one row, and using it leaves none', async () => {
  const person = new Person(presence, newMobileNumber())
  const rows = () =>
    query(presence.databaseUrl, 'select id from sign_in_verifications where identifier like $1', [
      `%${person.mobileNumber}%`,
    ])
  await askForCode(person)
  await askForCode(person)
  expect(await rows()).toHaveLength(1)
  await enter(person, await codeOn(person))
  expect(await rows()).toEqual([])
})

test('a code typed in the digits of another script, or with blanks and marks, signs in', async () => {
  const inDigits = (text: string, numberingSystem: string) =>
    [...text].map((digit) => new Intl.NumberFormat('en', { numberingSystem }).format(Number(digit))).join('')
  const ways = [
    (code: string) => inDigits(code, 'arab'),
    (code: string) => inDigits(code, 'fullwide'),
    (code: string) => `\u202a${code.slice(0, 3)}\u00a0${code.slice(3)}\u202c`,
    (code: string) => `${code.slice(0, 3)}‑${code.slice(3)}`,
  ]
  for (const way of ways) {
    const person = new Person(presence, newMobileNumber())
    await askForCode(person)
    await enter(person, way(await codeOn(person)))
    expect(await person.ask('GET', '/api/me')).toMatchObject({ mobileNumber: person.mobileNumber })
  }
})

test.each(['', '12', 'abcdef', '1234567', '１２３'])(
  'what is no code ("%s") is said to be a wrong one',
  async (text) => {
    const person = new Person(presence, newMobileNumber())
    await askForCode(person)
    await expect(enter(person, text)).rejects.toMatchObject({ status: 400, code: 'invalid_otp' })
  },
)
