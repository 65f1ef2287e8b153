// Limits that a person never meets and an attacker does. Each row of the table is asked for until it refuses.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openApp } from '../../server/http/app.ts'
import { networkOf } from '../../server/http/limits.ts'
import { openLiveHub } from '../../server/http/live.ts'
import { readRouteTable } from '../../server/http/route-table.ts'
import { startCheckout } from '../../server/journey/purchases/start-checkout.ts'
import { atOnce, limitedRoutes, limits, maxOf } from '../../server/lib/limits.ts'
import { newId } from '../../server/lib/ids.ts'
import { newMobileNumber } from '../../world/person.ts'
import { InProcessPerson } from '../people/in-process.ts'
import { newMember, openVerbs, type Verbs } from '../people/verbs.ts'

/** Small, so that few requests reach a limit. */
const factor = 0.05
let verbs: Verbs
let app: ReturnType<typeof openApp>
let free: ReturnType<typeof openApp>

beforeAll(async () => {
  verbs = await openVerbs()
  verbs.presence.sandbox.ctx.store.put('core.limits', 'limits', { on: false })
  const config = { ...verbs.ctx.config, limitFactor: factor }
  app = openApp({ ...verbs.ctx, config }, openLiveHub())
  free = openApp(verbs.ctx, openLiveHub())
})
beforeEach(() => verbs.db.deleteFrom('requestCounts').execute())
afterAll(() => verbs?.stop())

let numbers = 0
const newAddress = () => `10.${++numbers % 256}.${Math.floor(numbers / 256)}.1`

async function signedIn(): Promise<InProcessPerson> {
  const first = new InProcessPerson(free, verbs.presence, newMobileNumber())
  await first.signIn()
  const person = new InProcessPerson(app, verbs.presence, first.mobileNumber)
  for (const [name, value] of first.cookies) person.cookies.set(name, value)
  return person
}

async function send(person: InProcessPerson, route: string, body: unknown = {}) {
  const [method = '', path = ''] = route.split(' ')
  const answer = await person.fetch(path.replaceAll(/:file.*|:\w+/g, () => newId()).replace('*', 'x'), {
    method,
    ...(method === 'GET'
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return {
    status: answer.status,
    retryAfter: Number(answer.headers.get('retry-after')),
    code: await codeOf(answer),
  }
}

const codeOf = async (answer: Response) => ((await answer.json().catch(() => ({}))) as { code?: string }).code

test('every route with a limit exists', () => {
  const known = readRouteTable(app.routes).routes.map(({ method, path }) => `${method} ${path}`)
  for (const route of Object.values(limitedRoutes).flat()) expect(known).toContain(route)
})

const byRequest = limits.filter(({ what }) => what !== 'codes')
test.each(byRequest.map((limit) => [limit.what, limit.by, limit.seconds, limit] as const))(
  '%s by %s within %i seconds',
  async (what, by, seconds, limit) => {
    const route = limitedRoutes[what]?.[0] ?? 'POST /api/likes/seen'
    const person = by === 'person' ? await signedIn() : new InProcessPerson(app, verbs.presence, '')
    person.address = newAddress()
    const body = what === 'tries' ? { phoneNumber: newMobileNumber(), code: '000000' } : {}
    const ask = () => {
      if (by === 'person') person.address = newAddress()
      return send(person, route.replace(/^GET \/calendar.*/, 'GET /calendar/x.ics'), body)
    }
    const max = maxOf(limit.max, factor)
    for (let asked = 1; asked <= max; asked++)
      expect((await ask()).status, `request ${asked} of ${max}`).not.toBe(429)
    const refused = await ask()
    expect(refused).toMatchObject({ status: 429, code: 'too_many_requests' })
    expect(refused.retryAfter).toBeGreaterThan(0)
    expect(refused.retryAfter).toBeLessThanOrEqual(seconds)
    await verbs.db
      .updateTable('requestCounts')
      .set({ endsAt: new Date(0) })
      .execute()
    expect((await ask()).status, 'a new window').not.toBe(429)
  },
)

test('a service that sends many webhooks from one address is never held up', async () => {
  const webhooks = readRouteTable(app.routes).routes.filter(
    ({ access }) => typeof access === 'object' && access.by === 'webhook',
  )
  expect(webhooks.length).toBeGreaterThanOrEqual(5)
  const service = new InProcessPerson(app, verbs.presence, '')
  service.address = newAddress()
  const { max } = limits.find(({ what, by }) => what === 'changes' && by === 'address')!
  for (let sent = 0; sent <= maxOf(max, factor) + webhooks.length; sent++) {
    const { method, path } = webhooks[sent % webhooks.length]!
    expect((await send(service, `${method} ${path}`)).status, path).not.toBe(429)
  }
})

const codeTo = async (number: string, address: string) => {
  const person = new InProcessPerson(app, verbs.presence, number)
  person.address = address
  return send(person, 'POST /api/auth/phone-number/send-otp', { phoneNumber: number })
}
const most = (by: string) =>
  maxOf(
    Math.min(...limits.filter((limit) => limit.what === 'codes' && limit.by === by).map(({ max }) => max)),
    factor,
  )
const codesUntilRefused = async (number: () => string, address: () => string) => {
  for (let sent = 0; ; sent++) if ((await codeTo(number(), address())).status === 429) return sent
}

test('codes are limited by number, address and network', async () => {
  const number = newMobileNumber()
  expect(await codesUntilRefused(() => number, newAddress)).toBe(most('number'))
  const address = newAddress()
  expect(await codesUntilRefused(newMobileNumber, () => address)).toBe(most('address'))
  let last = 0
  expect(await codesUntilRefused(newMobileNumber, () => `192.0.2.${++last}`)).toBe(most('network'))
})

test('codes that nobody uses stop by country, an operator hears of it, and other countries go on', async () => {
  const sent = await codesUntilRefused(newMobileNumber, newAddress)
  expect(sent).toBe(most('country'))
  const tasks = await verbs.db
    .selectFrom('operatorTasks')
    .select('sentence')
    .where('kind', '=', 'security')
    .execute()
  expect(tasks.map(({ sentence }) => sentence).join()).toContain(
    'to numbers of AU were sent and not used within 1 hours',
  )
  expect((await codeTo('+64211234567', newAddress())).status).toBe(200)
})

test('codes that are used do not count against a country', async () => {
  for (let sent = 0; sent <= most('country'); sent++) {
    const person = new InProcessPerson(app, verbs.presence, newMobileNumber())
    person.address = newAddress()
    await person.signIn()
  }
})

test('a refused request uses up nothing that others share', async () => {
  const [number, address] = [newMobileNumber(), newAddress()]
  for (let sent = 0; sent < most('country') * 3; sent++) await codeTo(number, address)
  expect((await codeTo(newMobileNumber(), newAddress())).status).toBe(200)
})

test('no code is sent to a country that the setting leaves out', async () => {
  const config = { ...verbs.ctx.config, signInCountries: ['AU'] }
  const here = openApp({ ...verbs.ctx, config }, openLiveHub())
  const ask = async (phoneNumber: string) => {
    const person = new InProcessPerson(here, verbs.presence, phoneNumber)
    return send(person, 'POST /api/auth/phone-number/send-otp', { phoneNumber })
  }
  expect((await ask(newMobileNumber())).status).toBe(200)
  expect(await ask('+64211234567')).toMatchObject({ status: 400, code: 'invalid_input' })
})

test('one person has so many live updates at once, and as many again when they close', async () => {
  const person = await signedIn()
  const open = await Promise.all(
    Array.from({ length: maxOf(atOnce.liveUpdatesPerPerson, factor) }, () => person.fetch('/api/events')),
  )
  expect(open.map(({ status }) => status)).toEqual(open.map(() => 200))
  const refused = await person.fetch('/api/events')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30'])
  for (const answer of open) await answer.body!.cancel()
  const again = await person.fetch('/api/events')
  expect(again.status).toBe(200)
  await again.body!.cancel()
})

test('one person has so many checkouts open at once', async () => {
  const { id: memberId } = await newMember(verbs.db)
  const hosts = await verbs.db
    .selectFrom('hosts')
    .select('id')
    .where('status', '=', 'Active')
    .where('verificationStatus', '=', 'Verified')
    .orderBy('id')
    .execute()
  const ctx = { ...verbs.ctx, config: { ...verbs.ctx.config, limitFactor: 0.2 } }
  for (const { id: hostId } of hosts.slice(0, 2))
    await startCheckout(ctx, { memberId, hostId, plan: 'Weekly' })
  await expect(startCheckout(ctx, { memberId, hostId: hosts[2]!.id, plan: 'Weekly' })).rejects.toMatchObject({
    code: 'too_many_requests',
  })
})

test.each([
  ['203.0.113.9', '203.0.113'],
  ['::ffff:203.0.113.9', '203.0.113'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
])('%s is in the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
