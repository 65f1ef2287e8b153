// A small business written from the providers' documentation alone: the official packages, fetch, and nothing
// of this project but the sandbox's address. It throws where a step is not as documented.
import { strict as assert } from 'node:assert'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Airtable from 'airtable'
import Stripe from 'stripe'
import twilioSdk from 'twilio'

type Keys = Record<string, string>
type Hook = { path: string; url: string; headers: Record<string, string>; body: string }
type Json = ReturnType<typeof JSON.parse>

/** Does a day's business against the sandbox at `address`; returns what it did. */
export async function doBusiness(address: string): Promise<string[]> {
  const keys = (await (await fetch(`${address}/_sandbox/keys`)).json()) as Keys
  const hooks = await openReceiver()
  const done: string[] = []
  try {
    for (const step of [keepRecords, sendTexts, takePayments, payPeople, keepCalendar, meet]) {
      await step({ address, keys, hooks })
      done.push(step.name)
    }
  } finally {
    hooks.close()
  }
  return done
}

type Business = { address: string; keys: Keys; hooks: Receiver }
type Receiver = { url: string; find: (is: (hook: Hook) => boolean) => Promise<Hook>; close: () => void }

async function openReceiver(): Promise<Receiver> {
  const received: Hook[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        url: url + (request.url ?? ''),
        headers: request.headers as Record<string, string>,
        body,
      })
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const find: Receiver['find'] = async (is) => {
    for (;;) {
      const found = received.find(is)
      if (found) return found
      await sleep(20)
    }
  }
  return { url, find, close: () => void server.close() }
}

async function ask(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<{ status: number; body: Json }> {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

async function keepRecords({ address, keys }: Business): Promise<void> {
  const base = new Airtable({ apiKey: keys['AIRTABLE_ACCESS_TOKEN']!, endpointUrl: address }).base(
    keys['AIRTABLE_BASE_ID']!,
  )
  const hosts = await base('Hosts')
    .select({
      filterByFormula: "AND({Status} = 'Active', {Verification Status} = 'Verified')",
      sort: [{ field: 'Full Name' }],
    })
    .all()
  assert(hosts.length > 0)
  const names = hosts.map((host) => String(host.get('Full Name')))
  assert.deepEqual(
    names,
    names.toSorted((a, b) => a.localeCompare(b)),
  )
  const [made] = await base('Members').create([
    { fields: { 'Full Name': 'Kim Lee', 'Mobile Number': '+61491570113' } },
  ])
  await base('Members').update(made!.id, { 'Time Zone': 'Europe/Paris' })
  assert.equal((await base('Members').find(made!.id)).get('Time Zone'), 'Europe/Paris')
  await base('Members').destroy(made!.id)
  await assert.rejects(base('Members').find(made!.id), { statusCode: 404 })
  const stranger = new Airtable({ apiKey: 'patNobody.0', endpointUrl: address }).base(
    keys['AIRTABLE_BASE_ID']!,
  )
  await assert.rejects(stranger('Hosts').select().firstPage(), { statusCode: 401 })
}

async function sendTexts({ address, keys, hooks }: Business): Promise<void> {
  const { RequestClient, Twilio, validateRequest } = twilioSdk
  const plain = new RequestClient()
  const httpClient = Object.assign(Object.create(plain) as typeof plain, {
    request: (options: Parameters<typeof plain.request>[0]) =>
      plain.request({
        ...options,
        uri: address + new URL(options.uri).pathname + new URL(options.uri).search,
      }),
  })
  const client = new Twilio(keys['TWILIO_ACCOUNT_SID']!, keys['TWILIO_AUTH_TOKEN']!, { httpClient })
  const to = '+61491570114'
  const verify = client.verify.v2.services(keys['TWILIO_VERIFY_SERVICE_SID']!)
  assert.equal((await verify.verifications.create({ to, channel: 'sms' })).status, 'pending')
  const phone = async () =>
    (
      (await (await fetch(`${address}/_sandbox/messages?to=${encodeURIComponent(to)}`)).json()) as {
        messages: { body: string }[]
      }
    ).messages
  const code = /\b\d{6}\b/.exec((await phone()).at(-1)!.body)![0]
  assert.equal((await verify.verificationChecks.create({ to, code })).status, 'approved')

  const sent = await client.messages.create({
    to,
    body: 'See you at nine',
    messagingServiceSid: keys['TWILIO_MESSAGING_SERVICE_SID']!,
    statusCallback: `${hooks.url}/sms`,
  })
  const told = await hooks.find(
    (hook) => hook.path === '/sms' && hook.body.includes('MessageStatus=delivered'),
  )
  const form = Object.fromEntries(new URLSearchParams(told.body))
  assert(validateRequest(keys['TWILIO_AUTH_TOKEN']!, told.headers['x-twilio-signature']!, told.url, form))
  assert.equal(form['MessageSid'], sent.sid)
  assert.equal((await client.messages(sent.sid).fetch()).body, 'See you at nine')
  await assert.rejects(
    new Twilio(keys['TWILIO_ACCOUNT_SID']!, 'wrong', { httpClient }).messages.list({ limit: 1 }),
    { status: 401, code: 20003 },
  )
}

const stripeAt = (address: string, key: string) => {
  const { hostname, port } = new URL(address)
  return new Stripe(key, { host: hostname, port, protocol: 'http', telemetry: false })
}

/** The card is entered where a person would type it, on the page behind the session. */
async function payByCard(address: string, sessionId: string, cardNumber: string): Promise<number> {
  const payer = {
    cardNumber,
    expMonth: 12,
    expYear: 2040,
    cvc: '123',
    name: 'Kim Lee',
    email: 'kim@example.com',
  }
  return (await ask('POST', `${address}/_sandbox/stripe/checkout/${sessionId}/pay`, {}, payer)).status
}

async function takePayments({ address, keys, hooks }: Business): Promise<void> {
  const stripe = stripeAt(address, keys['STRIPE_SECRET_KEY']!)
  const endpoint = await stripe.webhookEndpoints.create({
    url: `${hooks.url}/stripe`,
    enabled_events: ['checkout.session.completed', 'charge.refunded'],
  })
  const customer = await stripe.customers.create({ name: 'Kim Lee', email: 'kim@example.com' })
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    customer: customer.id,
    success_url: 'http://localhost/thanks?session={CHECKOUT_SESSION_ID}',
    line_items: [
      { quantity: 2, price_data: { currency: 'aud', unit_amount: 2500, product_data: { name: 'Lesson' } } },
    ],
  })
  assert.equal(session.amount_total, 5000)
  assert((await fetch(session.url!)).ok)
  assert.equal(await payByCard(address, session.id, '4000000000009995'), 402)
  assert.equal(await payByCard(address, session.id, '4242424242424242'), 200)
  const hook = await hooks.find(({ path, body }) => path === '/stripe' && body.includes(session.id))
  const event = stripe.webhooks.constructEvent(hook.body, hook.headers['stripe-signature']!, endpoint.secret!)
  assert.equal(event.type, 'checkout.session.completed')
  const paid = await stripe.checkout.sessions.retrieve(session.id, {
    expand: ['payment_intent.latest_charge'],
  })
  assert.equal(paid.payment_status, 'paid')
  const charge = (paid.payment_intent as Stripe.PaymentIntent).latest_charge as Stripe.Charge
  const refund = () =>
    stripe.refunds.create({ charge: charge.id, amount: 2500 }, { idempotencyKey: 'lesson-1' })
  assert.equal((await refund()).id, (await refund()).id)
  await assert.rejects(
    stripe.refunds.create({ charge: charge.id, amount: 100 }, { idempotencyKey: 'lesson-1' }),
    { type: 'StripeIdempotencyError' },
  )
  await hooks.find(({ path, body }) => path === '/stripe' && body.includes('charge.refunded'))
  const customers: string[] = []
  for (let number = 0; number < 5; number++) await stripe.customers.create({ name: `Customer ${number}` })
  for await (const one of stripe.customers.list({ limit: 2 })) customers.push(one.id)
  assert(customers.length >= 6 && new Set(customers).size === customers.length)
  await assert.rejects(stripeAt(address, 'sk_test_nobody').balance.retrieve(), {
    type: 'StripeAuthenticationError',
  })
}

async function payPeople({ address, keys }: Business): Promise<void> {
  const stripe = stripeAt(address, keys['STRIPE_SECRET_KEY']!)
  const account = await stripe.accounts.create({
    type: 'express',
    country: 'AU',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
  })
  const link = await stripe.accountLinks.create({
    account: account.id,
    type: 'account_onboarding',
    refresh_url: 'http://localhost/again',
    return_url: 'http://localhost/back',
  })
  assert((await fetch(link.url)).ok)
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    ui_mode: 'embedded_page',
    redirect_on_completion: 'never',
    line_items: [
      { quantity: 1, price_data: { currency: 'aud', unit_amount: 10_000, product_data: { name: 'Course' } } },
    ],
  })
  await payByCard(address, session.id, '4242424242424242')
  const {
    data: [charge],
  } = await stripe.charges.list({ limit: 1 })
  const transfer = { amount: 8000, currency: 'aud', destination: account.id }
  await assert.rejects(stripe.transfers.create({ ...transfer, source_transaction: charge!.id }), {
    code: 'insufficient_capabilities_for_transfer',
  })
  await ask('POST', `${address}/_sandbox/stripe/accounts/${account.id}/onboard`, {}, {})
  assert((await stripe.accounts.retrieve(account.id)).payouts_enabled)
  await assert.rejects(stripe.transfers.create(transfer), { code: 'balance_insufficient' })
  const made = await stripe.transfers.create({ ...transfer, source_transaction: charge!.id })
  await stripe.transfers.createReversal(made.id, { amount: 1000 })
  const { pending } = await stripe.balance.retrieve()
  assert(pending.some(({ currency, amount }) => currency === 'aud' && amount > 0))
  await ask('POST', `${address}/_sandbox/clock`, {}, { advanceMs: 8 * 86_400_000 })
  assert((await stripe.balance.retrieve()).available.some(({ amount }) => amount > 0))
  assert((await stripe.balanceTransactions.list({ type: 'transfer' })).data.some(({ net }) => net === -8000))
}

async function keepCalendar({ address, keys }: Business): Promise<void> {
  const cal = (version: string) => (method: string, path: string, body?: unknown) =>
    ask(
      method,
      `${address}/v2${path}`,
      { authorization: `Bearer ${keys['CALCOM_API_KEY']}`, 'cal-api-version': version },
      body,
    )
  const [slots, bookings] = [cal('2024-09-04'), cal('2024-08-13')]
  const { now } = (await ask('GET', `${address}/_sandbox/clock`, {})).body
  const day = new Date(Date.parse(now) + 2 * 86_400_000).toISOString().slice(0, 10)
  const { body: free } = await slots(
    'GET',
    `/slots?username=amelia-hart&eventTypeSlug=10min&start=${day}&end=${day}&timeZone=Asia/Kolkata`,
  )
  const [first, second] = (Object.values(free.data) as { start: string }[][]).flat().map(({ start }) => start)
  assert(first?.endsWith('+05:30'))
  const start = new Date(first!).toISOString()
  const attendee = { name: 'Kim Lee', email: 'kim@example.com', timeZone: 'Asia/Kolkata' }
  const wanted = { start, username: 'amelia-hart', eventTypeSlug: '10min', attendee }
  const {
    status,
    body: { data },
  } = await bookings('POST', '/bookings', wanted)
  assert.equal(status, 201)
  assert.equal((await bookings('POST', '/bookings', wanted)).status, 400)
  const moved = await bookings('POST', `/bookings/${data.uid}/reschedule`, {
    start: new Date(second!).toISOString(),
  })
  assert.notEqual(moved.body.data.uid, data.uid)
  assert.equal(
    (await bookings('GET', `/bookings/${data.uid}`)).body.data.rescheduledToUid,
    moved.body.data.uid,
  )
  assert.equal(
    (await bookings('POST', `/bookings/${moved.body.data.uid}/cancel`, { cancellationReason: 'Rain' })).body
      .data.status,
    'cancelled',
  )
  assert.equal((await ask('GET', `${address}/v2/me`, { authorization: 'Bearer cal_nobody' })).status, 401)
}

async function meet({ address, keys, hooks }: Business): Promise<void> {
  const daily = (method: string, path: string, body?: unknown) =>
    ask(method, `${address}/v1${path}`, { authorization: `Bearer ${keys['DAILY_API_KEY']}` }, body)
  const hmac = Buffer.from('our own secret').toString('base64')
  await daily('POST', '/webhooks', {
    url: `${hooks.url}/daily`,
    hmac,
    retryType: 'exponential',
    eventTypes: ['participant.joined', 'participant.left'],
  })
  const { now } = (await ask('GET', `${address}/_sandbox/clock`, {})).body
  const exp = Math.floor(Date.parse(now) / 1000) + 600
  const room = (await daily('POST', '/rooms', { name: 'lesson', privacy: 'private', properties: { exp } }))
    .body
  assert((await fetch(room.url)).ok)
  const { token } = (
    await daily('POST', '/meeting-tokens', {
      properties: { room_name: 'lesson', exp, user_id: 'kim', user_name: 'Kim' },
    })
  ).body
  const { sessionId } = (await ask('POST', `${address}/_sandbox/daily/rooms/lesson/join`, {}, { token })).body
  assert.equal((await daily('GET', '/rooms/lesson/presence')).body.data[0].userId, 'kim')
  const hook = await hooks.find(({ path, body }) => path === '/daily' && body.includes('participant.joined'))
  const signed = createHmac('sha256', Buffer.from(hmac, 'base64'))
    .update(`${hook.headers['x-webhook-timestamp']}.${hook.body}`)
    .digest('base64')
  assert.equal(hook.headers['x-webhook-signature'], signed)
  await ask('POST', `${address}/_sandbox/daily/rooms/lesson/leave`, {}, { sessionId })
  assert.equal((await daily('GET', '/meetings?room=lesson')).body.data[0].ongoing, false)
  assert.deepEqual((await daily('DELETE', '/rooms/lesson')).body, { deleted: true, name: 'lesson' })
  assert.equal((await ask('GET', `${address}/v1/rooms`, { authorization: 'Bearer nobody' })).status, 401)
}
