// Every route x everybody who may ask. The right answer comes from what stands beside the route: its
// `access`, and what its ids are ids of.
import { Hono } from 'hono'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../../server/http/app.ts'
import { openLiveHub } from '../../server/http/live.ts'
import { readRouteTable, refuseUnguarded, type TableRoute } from '../../server/http/route-table.ts'
import { answers, guard, type RequestEnv, route, router } from '../../server/journey/request.ts'
import { plansView } from '../../server/journey/plans/plan-view.ts'
import { newId } from '../../server/lib/ids.ts'
import { signLink } from '../../server/lib/signed-link.ts'
import { addMinutes, now } from '../../server/lib/time.ts'
import { newMobileNumber } from '../../world/person.ts'
import { InProcessPerson } from '../people/in-process.ts'
import { type ApiDocument, type Ids, readDocument, sampleOf } from '../people/samples.ts'
import { openVerbs, type Verbs } from '../people/verbs.ts'
import { openRows, type Rows } from '../database/rows.ts'
import { findReveals } from './reveals.ts'

type Role = 'member' | 'host' | 'operator'
type Asker = {
  name: string
  person: InProcessPerson
  /** None: this person's sign-in is worth nothing, or there is none. */
  roles: Role[]
  /** The one member, and the one host, to whom the rows of the test belong. */
  owns: boolean
}

let verbs: Verbs
let rows: Rows
let app: ReturnType<typeof openApp>
/** One to plant routes in. */
let other: ReturnType<typeof openApp>
let table: TableRoute[]
let document: ApiDocument
let askers: Asker[]
let owners: { memberId: string; hostId: string }
let otherHostId: string

beforeAll(async () => {
  verbs = await openVerbs()
  rows = await openRows(verbs.presence.databaseUrl)
  verbs.presence.sandbox.ctx.store.put('core.limits', 'limits', { on: false })
  const config = {
    ...verbs.ctx.config,
    isRatingOn: true,
    applePayDomainFile: 'as Apple gave it',
    metricsToken: 'a-token-for-the-monitor',
    clock: { isMovable: true, key: clockKey },
  }
  app = openApp({ ...verbs.ctx, config }, openLiveHub())
  other = openApp(verbs.ctx, openLiveHub())
  table = readRouteTable(app.routes).routes
  document = await readDocument(app)
  const signedIn = async (mobileNumber: string) => {
    const person = new InProcessPerson(app, verbs.presence, mobileNumber)
    await person.signIn()
    await person.fetch('/api/me')
    // Operators are no members, and agree to nothing.
    if (mobileNumber !== verbs.presence.operatorMobileNumber) await person.consent()
    return person
  }
  const hosts = await verbs.db
    .selectFrom('hosts')
    .select(['id', 'mobileNumber'])
    .where('status', '=', 'Active')
    .where('verificationStatus', '=', 'Verified')
    .where('mobileNumber', 'is not', null)
    .orderBy(sql`cal_username is not null`)
    .orderBy('fullName')
    .limit(2)
    .execute()
  // Both keep their hours here.
  await rows.run('update hosts set cal_username = null, cal_event_slug = null where id = $1', [hosts[1]!.id])
  const [memberA, memberB, deleted] = [newMobileNumber(), newMobileNumber(), newMobileNumber()]
  askers = [
    {
      name: 'nobody',
      person: new InProcessPerson(app, verbs.presence, newMobileNumber()),
      roles: [],
      owns: false,
    },
    { name: 'member A', person: await signedIn(memberA), roles: ['member'], owns: true },
    { name: 'member B', person: await signedIn(memberB), roles: ['member'], owns: false },
    { name: 'host A', person: await signedIn(hosts[0]!.mobileNumber!), roles: ['host'], owns: true },
    { name: 'host B', person: await signedIn(hosts[1]!.mobileNumber!), roles: ['host'], owns: false },
    {
      name: 'an operator',
      person: await signedIn(verbs.presence.operatorMobileNumber),
      roles: ['operator'],
      owns: false,
    },
    { name: 'a deleted member', person: await signedIn(deleted), roles: [], owns: false },
  ]
  await rows.run('delete from people where mobile_number = $1', [deleted])
  const stopped = newMobileNumber()
  const [stoppedHost] = await rows.run<{ id: string; mobile_number: string }>(
    `select id, mobile_number from hosts where status = 'Active' and id <> all($1) and mobile_number is not null limit 1`,
    [hosts.map(({ id }) => id)],
  )
  for (const [name, number] of [
    ['a suspended member', stopped],
    ['a suspended host', stoppedHost!.mobile_number],
  ] as const)
    askers.push({ name, person: await signedIn(number), roles: [], owns: false })
  await rows.run(
    `update members set status = 'Suspended', suspended_reason = 'a test' where mobile_number = $1`,
    [stopped],
  )
  await rows.run(`update hosts set status = 'Suspended', updated_at = $2 where id = $1`, [
    stoppedHost!.id,
    now(),
  ])
  const [member] = await rows.run<{ id: string }>('select id from members where mobile_number = $1', [
    memberA,
  ])
  owners = { memberId: member!.id, hostId: hosts[0]!.id }
  otherHostId = hosts[1]!.id
})
afterAll(async () => {
  await rows?.close()
  await verbs?.stop()
})

let made = 0
const clockKey = 'a-key-for-the-clock'

/** Rows of member A and host A that no other request of the matrix touches. */
async function newRows(asker: Asker): Promise<Ids> {
  const soon = addMinutes(now(), 3_000 + 20 * ++made)
  // A report or a block of an earlier request kept the two apart.
  await rows.run(
    `update blocks set lifted_at = $1, lifted_by = 'the test', lift_reason = 'the next request' where lifted_at is null`,
    [now()],
  )
  const blockId = newId()
  await rows.run(
    `insert into blocks (id, host_id, member_id, set_by, created_at) values ($1, $2, $3, 'member', $4)`,
    [blockId, otherHostId, await rows.member(), now()],
  )
  const purchaseId = await rows.purchase(owners)
  const bookingId = await rows.booking({ purchaseId, ...owners, start: soon })
  await rows.run(
    `update bookings set calendar = 'builtin', calendar_status = 'confirmed',
      shown_start_at = start_at, shown_end_at = end_at, attempt = 1, valid_until = $2 where id = $1`,
    [bookingId, addMinutes(now(), 200_000)],
  )
  const [calendarId, taskId] = [newId(), newId()]
  await rows.run(
    `insert into imported_calendars (id, host_id, address, created_at, due_at) values ($1, $2, $3, $4, $4)`,
    [calendarId, owners.hostId, `https://calendar.invalid/${calendarId}.ics`, now()],
  )
  await rows.run(
    `insert into operator_tasks (id, key, kind, sentence, created_at) values ($1::uuid, $1::text, 'setup', 'Look.', $2)`,
    [taskId, now()],
  )
  await rows.run(
    `insert into rooms (booking_id, attempt, name, provider, status, opens_at, closes_at, created_at)
    values ($1::uuid, 1, $1::text, 'builtin', 'active', $2, $3, $2)`,
    [bookingId, now(), addMinutes(now(), 60)],
  )
  const signInId = newId()
  const owner = askers.find(({ name }) => name === (asker.owns ? asker.name : 'member A'))!
  await rows.run(
    `insert into sign_ins (id, person_id, token, expires_at, created_at, updated_at)
    select $1::uuid, id, $1::text, $2, $3, $3 from people where mobile_number = $4`,
    [signInId, addMinutes(now(), 60), now(), owner.person.mobileNumber],
  )
  const [own, other] = [newId(), newId()]
  const roles = asker.roles.includes('host') ? ['host', 'member'] : ['member', 'host']
  for (const [index, id] of [own, other].entries())
    await rows.run(
      `insert into visits (id, booking_id, attempt, role, joined_at, seen_at, there_until)
      values ($1, $2, 1, $3, $4, $4, $5)`,
      [id, bookingId, roles[index], now(), addMinutes(now(), 60)],
    )
  return {
    visitId: own,
    to: other,
    session: bookingId,
    purchase: purchaseId,
    receipt: purchaseId,
    calendar: calendarId,
    task: taskId,
    block: blockId,
    'sign-in': signInId,
    host: owners.hostId,
    // An operator may suspend: somebody of whom no other request is.
    member: asker.roles.includes('operator') ? await rows.member() : owners.memberId,
  }
}

/** What belongs to somebody: only its owner learns that it exists. A host knows the members they have met. */
const owned = ['session', 'purchase', 'receipt', 'calendar', 'sign-in']

/** What this person must be answered: let in, or the status of the refusal. */
function rightAnswer({ access, method }: TableRoute, isAbout: string[], asker: Asker): 'in' | number[] {
  if (method === 'ALL') return [404]
  if (access === 'public') return 'in'
  // A sign-in is no proof: without the signature, the link or the key everybody is refused.
  if (typeof access !== 'string') return [401, 404]
  if (asker.roles.length === 0) return [401]
  const may: Record<typeof access, Role[]> = {
    'signed-in': ['member', 'host', 'operator'],
    participant: ['member', 'host'],
    member: ['member'],
    buyer: ['member'],
    host: ['host'],
    operator: ['operator'],
  }
  if (!asker.roles.some((role) => may[access].includes(role))) return [403]
  const isTheirs = asker.owns || access === 'operator'
  const isOwned = (what: string) => owned.includes(what) || (access === 'host' && what === 'member')
  return isTheirs || !isAbout.some(isOwned) ? 'in' : [404]
}

const nameOf = ({ method, path }: TableRoute) => `${method} ${path}`

async function ask({ person }: Asker, { method }: TableRoute, path: string, body: unknown) {
  const abort = new AbortController()
  const answer = await person.fetch(path, {
    method: method === 'ALL' ? 'GET' : method,
    signal: abort.signal,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  // A live stream never ends by itself.
  if (answer.headers.get('content-type')?.startsWith('text/event-stream')) await answer.body?.cancel()
  return { status: answer.status, text: answer.bodyUsed ? '' : (await answer.text()).slice(0, 200) }
}

test('the table has every route of the OpenAPI document, and each says who may use it', () => {
  const { routes, problems } = readRouteTable(app.routes)
  expect(problems).toEqual([])
  const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map(
      (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    ),
  )
  expect(routes.map(nameOf)).toEqual(expect.arrayContaining(documented))
  expect(routes.length).toBeGreaterThan(80)
})

test('what is for operators and hosts says so, and what is public is on this list', () => {
  for (const one of table) {
    if (one.path.startsWith('/api/ops')) expect(one.access, nameOf(one)).toBe('operator')
    if (/^\/api\/host(\/|$)/.test(one.path)) expect(one.access, nameOf(one)).toBe('host')
  }
  expect(
    table
      .filter(({ access }) => access === 'public')
      .map(nameOf)
      .sort(),
  ).toEqual([
    'ALL /api/*',
    'ALL /functions/*',
    'GET /*',
    'GET /.well-known/apple-developer-merchantid-domain-association',
    'GET /api/auth/get-session',
    'GET /api/documents/:name',
    'GET /api/help',
    'GET /api/hosts',
    'GET /api/hosts/:id',
    'GET /api/hosts/:id/slots',
    'GET /api/plans',
    'GET /api/settings',
    'GET /healthz',
    'GET /openapi.json',
    'GET /readyz',
    'POST /api/auth/phone-number/send-otp',
    'POST /api/auth/phone-number/verify',
    'POST /api/auth/sign-out',
    'POST /api/contact',
  ])
})

test('each of nine askers gets the right answer from every route', async () => {
  const wrong: string[] = []
  let asked = 0
  for (const one of table) {
    for (const asker of askers) {
      const signsOut = one.path.endsWith('/sign-out')
      const sample = sampleOf(
        document,
        one.method,
        one.path.replace('*', 'nothing/here').replace(/:file.*/, 'none.ics'),
        await newRows(asker),
        addMinutes(now(), 10_000),
      )
      const right = rightAnswer(one, sample.isAbout, asker)
      const { status, text } = signsOut
        ? await ask({ ...asker, person: new InProcessPerson(app, verbs.presence, '') }, one, sample.path, {})
        : await ask(asker, one, sample.path, sample.body)
      asked++
      if (one.path.endsWith('/sign-out-everywhere') && status === 200) await asker.person.signIn()
      const isRight = right === 'in' ? ![401, 403, 404, 500].includes(status) : right.includes(status)
      if (!isRight) wrong.push(`${nameOf(one)} for ${asker.name}: ${status}, not ${right}. ${text}`)
    }
  }
  expect(wrong).toEqual([])
  expect(asked).toBe(table.length * askers.length)
})

test('no answer tells a host more of a member than the first name, nor a member how to reach a host', async () => {
  const [member, host] = [askers[1]!, askers[3]!]
  const asked = table.filter(
    ({ method, path }) => method !== 'ALL' && !path.includes('*') && !path.startsWith('/api/auth'),
  )
  const { told, heardByHost, heardByMember } = await findReveals({
    rows,
    owners,
    member: member.person,
    host: host.person,
    asked: asked.filter(({ path }) => !path.endsWith('/sign-out-everywhere')),
    sample: async (side, { method, path }) =>
      sampleOf(
        document,
        method,
        path.replace(/:file.*/, 'none.ics'),
        await newRows(side === 'host' ? host : member),
        addMinutes(now(), 10_000),
      ),
  })
  expect(told).toEqual([])
  // They did hear of each other.
  expect(heardByHost).toContain('Zebulon')
  expect(heardByMember).toContain(owners.hostId)
})

test('a link lets in whoever has it, and a changed one nobody', async () => {
  const { session } = await newRows(askers[1]!)
  const secret = verbs.ctx.config.authSecret
  for (const role of ['member', 'host'] as const) {
    const personId = role === 'member' ? owners.memberId : owners.hostId
    const token = signLink(secret, { bookingId: session!, role, personId })
    const forged = signLink(secret, { bookingId: session!, role, personId: newId() })
    expect((await app.request(`/api/manage/${token}`)).status).toBe(200)
    expect((await app.request(`/api/manage/${token}/calendar.ics`)).status).toBe(200)
    expect((await app.request(`/api/manage/${forged}`)).status).toBe(404)
  }
})

test('a key lets in the monitor and the sandbox', async () => {
  const read = async (path: string, key: string) =>
    (await app.request(path, { headers: { authorization: `Bearer ${key}` } })).status
  expect([await read('/metrics', 'a-token-for-the-monitor'), await read('/metrics', 'another')]).toEqual([
    200, 404,
  ])
  expect([await read('/clock', clockKey), await read('/clock', 'another')]).toEqual([200, 401])
})

test('an application with a route that does not say who may use it does not start', () => {
  const planted: [string, (on: ReturnType<typeof openApp>) => unknown][] = [
    ['GET /api/ops/members', (on) => on.get('/api/ops/members', (c) => c.json([]))],
    ['ALL /api/ops/all', (on) => on.all('/api/ops/all', (c) => c.json([]))],
    ['ALL /api/ops/one', (on) => on.use('/api/ops/one', async (c, _next) => c.json([]))],
    [
      'POST /deep/down',
      (on) =>
        on.route(
          '/deep',
          new Hono<RequestEnv>().post('/down', (c) => c.json([])),
        ),
    ],
    ['GET /late', (on) => on.get('/late', (c) => c.json([]), guard('operator'))],
  ]
  for (const [name, plant] of planted) {
    plant(other)
    expect(() => refuseUnguarded(other), name).toThrow(`${name} does not say who may use it`)
  }
  const shape = { path: '/api/x', method: 'get' as const, responses: answers(plansView, 'Plans') }
  // @ts-expect-error a route without `access` does not compile
  expect(() => route(shape)).toThrow()
  other.route(
    '/',
    router().openapi(route({ ...shape, access: 'operator' }), (c) => c.json({ plans: [] }, 200)),
  )
  const { routes, problems } = readRouteTable(other.routes)
  expect(routes).toContainEqual({ method: 'GET', path: '/api/x', access: 'operator' })
  expect(problems).toHaveLength(planted.length)
})
