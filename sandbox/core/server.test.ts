import { expect, test } from 'vitest'
import type { JournalEntry } from './journal.ts'
import { startWorld } from './testing/world.ts'

const journalOf = async (response: Response) =>
  ((await response.json()) as { entries: JournalEntry[] }).entries

test('an operation gets decoded parameters, the query and the headers', async () => {
  const { call } = await startWorld()
  const answer = await call('GET', '/v1/notes/a%2Fb?limit=3')
  expect(await answer.json()).toMatchObject({ params: { id: 'a/b' }, query: 'limit=3' })
})

test('a path without an operation answers 404 in the shape of its owner, never HTML', async () => {
  const { call } = await startWorld()
  for (const [method, path] of [
    ['GET', '/v1/charges'],
    ['DELETE', '/v1/notes'],
    ['POST', '/v1/charges'],
  ] as const) {
    const answer = await call(method, path)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toContain('application/json')
    expect(await answer.json()).toEqual({ error: { type: 'api_error', code: 'not_covered' } })
  }
})

test('a path nobody owns answers 404 with JSON', async () => {
  const { call } = await startWorld()
  const answer = await call('GET', '/nowhere')
  expect(answer.status).toBe(404)
  expect(answer.headers.get('content-type')).toContain('application/json')
})

test('a call without the key is refused and changes nothing', async () => {
  const { sandbox } = await startWorld()
  const answer = await fetch(`http://127.0.0.1:${sandbox.port}/v1/notes`, {
    method: 'POST',
    body: 'text=hello',
  })
  expect(answer.status).toBe(401)
  expect(sandbox.ctx.store.list('stripe.note')).toEqual([])
})

test('limits refuse only while they are on', async () => {
  const { call, control } = await startWorld()
  await control('POST', '/limits', { on: true })
  expect((await call('GET', '/v1/notes')).status).toBe(429)
  await control('POST', '/limits', { on: false })
  expect((await call('GET', '/v1/notes')).status).toBe(200)
})

test('an operation that crashes answers 500, and neither its writes nor its webhooks remain', async () => {
  const { call, sandbox, application, logged } = await startWorld()
  const answer = await call('POST', '/v1/notes', { text: 'crash' })
  expect(answer.status).toBe(500)
  expect(await answer.json()).toMatchObject({ error: { code: 'internal' } })
  expect(sandbox.ctx.store.list('stripe.note')).toEqual([])
  await call('POST', '/v1/notes', { text: 'after' })
  await sandbox.settled()
  expect(application.hooks().map((hook) => JSON.parse(hook.body).text)).toEqual(['after'])
  expect(logged.join()).toContain('notes.create failed')
})

test('the journal shows each call with its answer and hides most of the credential', async () => {
  const { call, control, sandbox } = await startWorld()
  await call('POST', '/v1/notes', { text: 'hello' })
  await sandbox.settled()
  const entries = await journalOf(await control('GET', '/journal'))
  expect(entries[0]).toMatchObject({
    kind: 'call',
    provider: 'stripe',
    operation: 'notes.create',
    method: 'POST',
    url: '/v1/notes',
    requestBody: 'text=hello',
    status: 200,
  })
  expect(entries[1]).toMatchObject({
    kind: 'delivery',
    operation: 'note.created',
    status: 200,
    attempt: 1,
    eventId: 'evt_note_1',
  })
  expect(JSON.stringify(entries)).not.toContain(sandbox.ctx.keys['STRIPE_SECRET_KEY'])
  const [first] = entries
  expect(await journalOf(await control('GET', `/journal?since=${first?.id}`))).toEqual(entries.slice(1))
})

test('keys have the formats of the real services', async () => {
  const { control } = await startWorld()
  const keys = await (await control('GET', '/keys')).json()
  expect(keys).toEqual({
    STRIPE_SECRET_KEY: expect.stringMatching(/^sk_test_/),
    STRIPE_PUBLISHABLE_KEY: expect.stringMatching(/^pk_test_/),
    STRIPE_WEBHOOK_SECRET: expect.stringMatching(/^whsec_/),
    TWILIO_ACCOUNT_SID: expect.stringMatching(/^AC[0-9a-f]{32}$/),
    TWILIO_AUTH_TOKEN: expect.stringMatching(/^[0-9a-f]{32}$/),
    TWILIO_MESSAGING_SERVICE_SID: expect.stringMatching(/^MG[0-9a-f]{32}$/),
    TWILIO_VERIFY_SERVICE_SID: expect.stringMatching(/^VA[0-9a-f]{32}$/),
    CALCOM_API_KEY: expect.stringMatching(/^cal_live_/),
    CALCOM_WEBHOOK_SECRET: expect.any(String),
    DAILY_API_KEY: expect.stringMatching(/^[0-9a-f]{64}$/),
    DAILY_WEBHOOK_SECRET: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    AIRTABLE_ACCESS_TOKEN: expect.stringMatching(/^pat\w{14}\.[0-9a-f]{64}$/),
    AIRTABLE_BASE_ID: expect.stringMatching(/^app\w{14}$/),
  })
})

test('messages of a phone come newest last, also with a plus sign that is not encoded', async () => {
  const { sandbox, control } = await startWorld()
  const keep = (sid: string, to: string, createdAt: number) =>
    sandbox.ctx.store.put('twilio.message', sid, {
      sid,
      to,
      from: '+61480000000',
      body: sid,
      status: 'delivered',
      createdAt,
    })
  keep('SM1', '+61491570006', 1000)
  keep('SM2', '+61491570156', 2000)
  keep('SM3', '+61491570006', 3000)
  const { messages } = await (await control('GET', '/messages?to=+61491570006')).json()
  expect(messages).toEqual([
    {
      sid: 'SM1',
      to: '+61491570006',
      from: '+61480000000',
      body: 'SM1',
      status: 'delivered',
      sentAt: '1970-01-01T00:00:01.000Z',
    },
    {
      sid: 'SM3',
      to: '+61491570006',
      from: '+61480000000',
      body: 'SM3',
      status: 'delivered',
      sentAt: '1970-01-01T00:00:03.000Z',
    },
  ])
})
