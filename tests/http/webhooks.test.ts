import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import Stripe from 'stripe'
import twilio from 'twilio'
import { clockNow } from '../../world/outside.ts'
import { query, untilIdle } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { minuteMs } from '../../server/lib/time.ts'

let presence: Presence

beforeAll(async () => {
  presence = await startPresence()
  await untilIdle(presence)
})
afterAll(() => presence?.stop())

type Signed = { path: string; body: string; headers: Record<string, string> }
type Sender = {
  name: string
  path: string
  body: (id: string) => string
  sign: (body: string, at: Date) => Record<string, string>
  isTimed: boolean
}

const json = { 'content-type': 'application/json' }

// How the providers sign, from their documentation and not from our code.
const senders: Sender[] = [
  {
    name: 'Stripe',
    path: 'stripe-payment-confirm',
    isTimed: true,
    body: (id) =>
      JSON.stringify({
        id: `evt_${id}`,
        object: 'event',
        type: 'customer.created',
        data: { object: { id: 'cus_1', object: 'customer' } },
      }),
    sign: (payload, at) => ({
      ...json,
      'stripe-signature': Stripe.webhooks.generateTestHeaderString({
        payload,
        secret: presence.keys['STRIPE_WEBHOOK_SECRET']!,
        timestamp: Math.floor(at.getTime() / 1000),
      }),
    }),
  },
  {
    name: 'Cal.com',
    path: 'calcom-webhook',
    isTimed: false,
    body: (id) =>
      JSON.stringify({
        triggerEvent: 'BOOKING_CANCELLED',
        createdAt: '2030-01-01T00:00:00Z',
        payload: { uid: id },
      }),
    sign: (body) => ({
      ...json,
      'x-cal-signature-256': createHmac('sha256', presence.keys['CALCOM_WEBHOOK_SECRET']!)
        .update(body)
        .digest('hex'),
    }),
  },
  {
    name: 'Daily',
    path: 'daily-webhook',
    isTimed: true,
    body: (id) =>
      JSON.stringify({
        version: '1.0.0',
        type: 'participant.joined',
        id: `evt-${id}`,
        payload: { room: 'nowhere', session_id: id, joined_at: 1_900_000_000.5 },
        event_ts: 1_900_000_000.6,
      }),
    sign: (body, at) => ({
      ...json,
      'x-webhook-timestamp': String(at.getTime()),
      'x-webhook-signature': createHmac(
        'sha256',
        Buffer.from(presence.keys['DAILY_WEBHOOK_SECRET']!, 'base64'),
      )
        .update(`${at.getTime()}.${body}`)
        .digest('base64'),
    }),
  },
  {
    name: 'Twilio',
    path: 'twilio-status',
    isTimed: false,
    body: (id) =>
      new URLSearchParams({
        MessageSid: `SM${id.padEnd(32, '0')}`,
        MessageStatus: 'delivered',
        To: '+61491570006',
      }).toString(),
    sign: (body) => ({
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilio.getExpectedTwilioSignature(
        presence.keys['TWILIO_AUTH_TOKEN']!,
        `${presence.url}/functions/v1/twilio-status`,
        Object.fromEntries(new URLSearchParams(body)),
      ),
    }),
  },
]

async function signed(sender: Sender, id: string, at?: Date): Promise<Signed> {
  const body = sender.body(id)
  return { path: sender.path, body, headers: sender.sign(body, at ?? (await clockNow(presence))) }
}

async function send({ path, body, headers }: Signed): Promise<{ status: number; code: unknown }> {
  const response = await fetch(`${presence.url}/functions/v1/${path}`, { method: 'POST', headers, body })
  const text = await response.text()
  return {
    status: response.status,
    code: text.startsWith('{') ? (JSON.parse(text) as { code?: string }).code : undefined,
  }
}

/** How many rows every table has. */
async function rowCounts(): Promise<Record<string, number>> {
  const tables = await query<{ name: string }>(
    presence.databaseUrl,
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  )
  const sql = tables
    .map(({ name }) => `select '${name}' as name, count(*)::int as count from "${name}"`)
    .join(' union all ')
  const rows = await query<{ name: string; count: number }>(
    presence.databaseUrl,
    `${sql} union all select 'jobs', count(*)::int from pgboss.job where name in ('handle-webhook', 'record-delivery')`,
  )
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]))
}

/** Sends it and asserts that it left no trace. */
async function changesNothing(message: Signed): Promise<{ status: number; code: unknown }> {
  const before = await rowCounts()
  const answer = await send(message)
  expect(await rowCounts()).toEqual(before)
  return answer
}

test.each(senders)(
  'a message of $name with a valid signature is stored once, however often it comes',
  async (sender) => {
    const message = await signed(sender, 'aa11')
    const stored = async () => (await rowCounts())['webhook_events']!
    const before = await stored()
    expect((await send(message)).status).toBe(200)
    expect(await stored()).toBe(before + 1)
    await untilIdle(presence)
    const again = await Promise.all([1, 2, 3].map(() => changesNothing(message)))
    expect(again.map(({ status }) => status)).toEqual([200, 200, 200])
  },
)

test.each(senders)(
  'a message of $name whose signature is missing, of another secret, or of another body changes nothing',
  async (sender) => {
    const message = await signed(sender, 'bb22')
    const isSignature = (name: string) => name.includes('signature')
    const withSignature = (change: (value: string) => string | undefined) =>
      Object.fromEntries(
        Object.entries(message.headers)
          .map(([name, value]) => [name, isSignature(name) ? change(value) : value])
          .filter((pair): pair is [string, string] => pair[1] !== undefined),
      )
    const forged = [
      { ...message, headers: withSignature(() => undefined) },
      { ...message, headers: withSignature(() => '') },
      { ...message, headers: withSignature((value) => `${value.slice(0, -4)}AAAA`) },
      { ...message, headers: withSignature((value) => value.toUpperCase()) },
      { ...message, headers: withSignature(() => 'no-secret-provided') },
      { ...message, body: message.body.replace('bb22', 'bb23') },
      { ...message, body: `${message.body} ` },
    ]
    for (const one of forged)
      expect(await changesNothing(one)).toEqual({ status: 401, code: 'signature_invalid' })
  },
)

test.each(senders.filter((one) => one.isTimed))(
  'a message of $name that was signed long ago changes nothing',
  async (sender) => {
    const now = await clockNow(presence)
    const old = await signed(sender, 'cc33', new Date(now.getTime() - 10 * minuteMs))
    expect(await changesNothing(old)).toEqual({ status: 401, code: 'signature_invalid' })
    expect(
      (await send(await signed(sender, 'cc34', new Date(now.getTime() - 2 * minuteMs)))).status,
      'a little late is not too late',
    ).toBe(200)
  },
)

test.each(
  senders
    .filter((one) => one.name !== 'Twilio')
    .flatMap((sender) =>
      ['not json', '', '[]', 'null', '"text"', '{', '{}'].map((body) => ({
        name: sender.name,
        sender,
        body,
      })),
    ),
)('a signed message of $name with the body $body does no harm', async ({ sender, body }) => {
  const before = await rowCounts()
  const answer = await send({ path: sender.path, body, headers: sender.sign(body, await clockNow(presence)) })
  expect(answer.status).toBeLessThan(500)
  if (answer.status >= 400) expect(await rowCounts()).toEqual(before)
  await untilIdle(presence)
})

test('a signed message with characters that no database stores is refused for good', async () => {
  const sender = senders[0]!
  const body = JSON.stringify({
    id: 'evt_nul',
    object: 'event',
    type: 'customer.created',
    data: { object: { id: 'cus_1', name: 'a\u0000b' } },
  })
  const answer = await changesNothing({
    path: sender.path,
    body,
    headers: sender.sign(body, await clockNow(presence)),
  })
  expect(answer).toEqual({ status: 400, code: 'invalid_input' })
})

test('an Airtable ping is believed only with the secret of a webhook we have made', async () => {
  const body = JSON.stringify({
    base: { id: presence.keys['AIRTABLE_BASE_ID'] },
    webhook: { id: 'ach1' },
    timestamp: '2030-01-01T00:00:00Z',
  })
  const mac = `hmac-sha256=${createHmac('sha256', Buffer.from('c2VjcmV0LWtleQ==', 'base64')).update(body).digest('hex')}`
  for (const headers of [json, { ...json, 'x-airtable-content-mac': mac }]) {
    expect(await changesNothing({ path: 'airtable-webhook', body, headers })).toEqual({
      status: 401,
      code: 'signature_invalid',
    })
  }
})
