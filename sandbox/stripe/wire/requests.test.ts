import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { dayMs, daySeconds } from '../../core/durations.ts'
import { startStripe, type StripeWorld } from '../testing/world.ts'
import { decodeForm } from './form.ts'

type Answer = { status: number; headers: Headers; body: { error?: Record<string, string>; id?: string } }

async function send(
  { sandbox }: StripeWorld,
  path: string,
  form?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${sandbox.port}${path}`, {
    method: form === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${sandbox.ctx.keys['STRIPE_SECRET_KEY']}`,
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    ...(form === undefined ? {} : { body: form }),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  }
}

describe('forms', () => {
  test('brackets nest, numbers and empty brackets make lists, and names never reach the prototype', () => {
    expect(decodeForm('a[b][0]=c&a[b][1]=d&expand[]=x&expand[]=y&plain=1%20+2')).toEqual({
      a: { b: { 0: 'c', 1: 'd' } },
      expand: { 0: 'x', 1: 'y' },
      plain: '1  2',
    })
    decodeForm('__proto__[polluted]=yes')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('credentials', () => {
  test('a missing, wrong or publishable key is refused; basic works like bearer', async () => {
    const world = await startStripe()
    const { keys } = world.sandbox.ctx
    expect((await send(world, '/v1/balance', undefined, { authorization: '' })).status).toBe(401)
    expect(
      (await send(world, '/v1/balance', undefined, { authorization: 'Bearer sk_test_wrong' })).body.error?.[
        'message'
      ],
    ).toMatch(/Invalid API Key provided/)
    expect(
      (
        await send(world, '/v1/balance', undefined, {
          authorization: `Bearer ${keys['STRIPE_PUBLISHABLE_KEY']}`,
        })
      ).status,
    ).toBe(403)
    const basic = `Basic ${Buffer.from(`${keys['STRIPE_SECRET_KEY']}:`).toString('base64')}`
    expect((await send(world, '/v1/balance', undefined, { authorization: basic })).status).toBe(200)
  })

  test('any other API version is refused', async () => {
    const world = await startStripe()
    const answer = await send(world, '/v1/balance', undefined, { 'stripe-version': '2020-08-27' })
    expect(answer.status).toBe(400)
    expect(answer.body.error?.['message']).toMatch(/Invalid Stripe API version: 2020-08-27/)
  })
})

describe('parameters', () => {
  test.each([
    ['an unknown name', 'foo[bar]=1', 'parameter_unknown', 'foo'],
    [
      'an unknown nested name',
      'mode=payment&line_items[0][foo]=1',
      'parameter_unknown',
      'line_items[0][foo]',
    ],
    ['a missing name', '', 'parameter_missing', 'mode'],
    [
      'a missing nested name',
      'mode=payment&line_items[0][price_data][unit_amount]=5',
      'parameter_missing',
      'line_items[0][price_data][currency]',
    ],
    ['an empty text', 'client_reference_id=', 'parameter_invalid_empty', 'client_reference_id'],
    ['a fraction where a whole number belongs', 'expires_at=1.5', 'parameter_invalid_integer', 'expires_at'],
    ['an old ui_mode', 'mode=payment&ui_mode=embedded', undefined, 'ui_mode'],
  ])('%s is named in a 400', async (_, form, code, param) => {
    const answer = await send(await startStripe(), '/v1/checkout/sessions', form)
    expect(answer.status).toBe(400)
    expect(answer.body.error).toMatchObject({
      type: 'invalid_request_error',
      param,
      ...(code && { code, doc_url: expect.stringContaining('stripe.com/docs') }),
    })
  })

  test('a JSON body is refused', async () => {
    const answer = await send(await startStripe(), '/v1/customers', '{"email":"a@b.c"}', {
      'content-type': 'application/json',
    })
    expect(answer.body.error?.['message']).toMatch(/content type/)
  })

  test('an unknown id is 404 in the path, 400 as a parameter, and 403 for an account', async () => {
    const { client } = await startStripe()
    await expect(client.charges.retrieve('ch_none')).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      param: 'id',
    })
    await expect(client.refunds.create({ charge: 'ch_none' })).rejects.toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'charge',
    })
    await expect(client.accounts.retrieve('acct_none')).rejects.toMatchObject({
      statusCode: 403,
      code: 'account_invalid',
    })
  })

  test('metadata merges; an empty value removes its key, an empty object removes all', async () => {
    const { client } = await startStripe()
    const { id } = await client.customers.create({ metadata: { a: '1', b: '2' } })
    expect((await client.customers.update(id, { metadata: { a: '', c: '3' } })).metadata).toEqual({
      b: '2',
      c: '3',
    })
    expect((await client.customers.update(id, { metadata: '' })).metadata).toEqual({})
  })
})

describe('idempotency keys', () => {
  test('the same request under the same key happens once and is replayed', async () => {
    const { client } = await startStripe()
    const first = await client.customers.create({ name: 'Mia' }, { idempotencyKey: 'k1' })
    const second = await client.customers.create({ name: 'Mia' }, { idempotencyKey: 'k1' })
    expect(second.id).toBe(first.id)
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true')
    expect(second.lastResponse.requestId).not.toBe(first.lastResponse.requestId)
    expect((await client.customers.list()).data).toHaveLength(1)
  })

  test('other parameters or another endpoint under a used key are an idempotency_error', async () => {
    const { client } = await startStripe()
    await client.customers.create({ name: 'Mia' }, { idempotencyKey: 'k1' })
    await expect(client.customers.create({ name: 'Ana' }, { idempotencyKey: 'k1' })).rejects.toBeInstanceOf(
      Stripe.errors.StripeIdempotencyError,
    )
    await expect(client.accounts.create({ type: 'express' }, { idempotencyKey: 'k1' })).rejects.toMatchObject(
      {
        rawType: 'idempotency_error',
      },
    )
  })

  test('a refusal of the act is replayed, a refusal of validation is not', async () => {
    const { client, paidCharge, readyAccount } = await startStripe()
    const { id: destination } = await readyAccount()
    const transfer = () =>
      client.transfers.create({ amount: 100, currency: 'aud', destination }, { idempotencyKey: 'k1' })
    await expect(transfer()).rejects.toMatchObject({ code: 'balance_insufficient' })
    await paidCharge('4000000000000077')
    await expect(transfer()).rejects.toMatchObject({
      code: 'balance_insufficient',
      headers: { 'idempotent-replayed': 'true' },
    })
    await expect(
      client.customers.create({ nickname: 'x' } as never, { idempotencyKey: 'k2' }),
    ).rejects.toMatchObject({
      code: 'parameter_unknown',
    })
    expect((await client.customers.create({ name: 'x' }, { idempotencyKey: 'k2' })).name).toBe('x')
  })

  test('an act whose answer was lost happens once: the client retries with the same key', async () => {
    const { client, control } = await startStripe()
    await control('POST', '/faults', {
      provider: 'stripe',
      operation: 'customers.create',
      kind: 'timeout_after',
      times: 1,
      delayMs: 1,
    })
    const customer = await client.customers.create({ name: 'Mia' })
    expect(customer.lastResponse.headers['idempotent-replayed']).toBe('true')
    expect((await client.customers.list()).data.map(({ id }) => id)).toEqual([customer.id])
  })

  test('an act that ended in a 500 happens once, and its key answers that 500 for a day', async () => {
    const { client, control } = await startStripe()
    await control('POST', '/faults', {
      provider: 'stripe',
      operation: 'customers.create',
      kind: 'error_after',
      times: 1,
    })
    const create = () =>
      client.customers.create({ name: 'Mia' }, { idempotencyKey: 'k1', maxNetworkRetries: 0 })
    await expect(create()).rejects.toMatchObject({ statusCode: 500 })
    await expect(create()).rejects.toMatchObject({
      statusCode: 500,
      headers: { 'idempotent-replayed': 'true' },
    })
    expect((await client.customers.list()).data).toHaveLength(1)
    await control('POST', '/clock', { advanceMs: dayMs })
    expect((await create()).name).toBe('Mia')
  })

  test('a 500 before the act is not stored: a retry with the same key acts', async () => {
    const { client, control } = await startStripe()
    await control('POST', '/faults', {
      provider: 'stripe',
      operation: 'customers.create',
      kind: 'error_before',
      times: 1,
    })
    const create = () =>
      client.customers.create({ name: 'Mia' }, { idempotencyKey: 'k1', maxNetworkRetries: 0 })
    await expect(create()).rejects.toMatchObject({ statusCode: 500 })
    expect((await create()).name).toBe('Mia')
    expect((await client.customers.list()).data).toHaveLength(1)
  })

  test('a crash of the stand-in writes nothing, and its 500 is replayed', async () => {
    const { client, sandbox, logged } = await startStripe()
    const { ctx } = sandbox
    const changed = ctx.changed
    ctx.changed = (topic) => {
      if (topic === 'stripe') throw new Error('crash')
      changed(topic)
    }
    const create = () => client.customers.create({ name: 'Mia' }, { idempotencyKey: 'k1' })
    await expect(create()).rejects.toMatchObject({ statusCode: 500, rawType: 'api_error' })
    ctx.changed = changed
    await expect(create()).rejects.toMatchObject({
      statusCode: 500,
      headers: { 'idempotent-replayed': 'true' },
    })
    expect((await client.customers.list()).data).toEqual([])
    expect((await client.events.list()).data).toEqual([])
    expect(logged.join()).toContain('crash')
  })

  test('a key is free again after 24 hours', async () => {
    const { client, advance } = await startStripe()
    const first = await client.customers.create({ name: 'Mia' }, { idempotencyKey: 'k1' })
    await advance(daySeconds)
    expect((await client.customers.create({ name: 'Ana' }, { idempotencyKey: 'k1' })).id).not.toBe(first.id)
  })
})

describe('expanding', () => {
  test('ids expand on request, up to four levels, in lists through data', async () => {
    const { client, paidCharge } = await startStripe()
    const charge = await paidCharge()
    expect(charge.balance_transaction).toMatch(/^txn_/)
    expect(charge.refunds).toBeUndefined()
    const {
      data: [listed],
    } = await client.charges.list({ expand: ['data.payment_intent.latest_charge.balance_transaction'] })
    expect(listed).toMatchObject({
      payment_intent: { latest_charge: { id: charge.id, balance_transaction: { amount: 1800 } } },
    })
    await expect(client.charges.list({ expand: ['customer'] })).rejects.toMatchObject({
      message: expect.stringContaining("'data.customer'"),
    })
    await expect(client.charges.retrieve(charge.id, { expand: ['amount'] })).rejects.toMatchObject({
      message: 'This property cannot be expanded (amount).',
    })
    await expect(client.charges.retrieve(charge.id, { expand: ['a.b.c.d.e'] })).rejects.toMatchObject({
      message: expect.stringContaining('more than 4 levels'),
    })
  })

  test('a wrong expansion rolls back the act', async () => {
    const { client } = await startStripe()
    await expect(client.customers.create({ name: 'Mia', expand: ['nothing'] })).rejects.toMatchObject({
      statusCode: 400,
    })
    expect((await client.customers.list()).data).toEqual([])
  })
})

describe('paging', () => {
  test('pages are newest first and can be followed to the end in both directions', async () => {
    const { client } = await startStripe()
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.unshift((await client.customers.create({ name: String(n) })).id)
    const first = await client.customers.list({ limit: 2 })
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    expect(first.has_more).toBe(true)
    const last = await client.customers.list({ limit: 3, starting_after: ids[1]! })
    expect([last.data.map(({ id }) => id), last.has_more]).toEqual([ids.slice(2), false])
    const back = await client.customers.list({ limit: 2, ending_before: ids[3]! })
    expect([back.data.map(({ id }) => id), back.has_more]).toEqual([ids.slice(1, 3), true])
    const walked = await client.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 })
    expect(walked.map(({ id }) => id)).toEqual(ids)
  })

  test('created filters by the sandbox clock', async () => {
    const { client, advance, sandbox } = await startStripe()
    await client.customers.create({ name: 'early' })
    await advance(1000)
    const since = sandbox.ctx.clock.seconds() - 500
    await client.customers.create({ name: 'late' })
    expect((await client.customers.list({ created: { gte: since } })).data.map(({ name }) => name)).toEqual([
      'late',
    ])
    expect((await client.customers.list({ created: { lt: since } })).data.map(({ name }) => name)).toEqual([
      'early',
    ])
  })
})

test('over 25 writes in a second is 429 only while limits are on', async () => {
  const { client, control } = await startStripe()
  const burst = async () =>
    (await Promise.allSettled(Array.from({ length: 30 }, () => client.customers.create({})))).flatMap((one) =>
      one.status === 'rejected' ? [one.reason as Stripe.errors.StripeError] : [],
    )
  expect(await burst()).toEqual([])
  await control('POST', '/limits', { on: true })
  const refused = await burst()
  expect(refused.length).toBeGreaterThan(0)
  expect(refused[0]).toBeInstanceOf(Stripe.errors.StripeRateLimitError)
})

test('an uncovered path answers in the shape of Stripe', async () => {
  const { client } = await startStripe()
  await expect(client.products.list()).rejects.toMatchObject({
    statusCode: 404,
    rawType: 'invalid_request_error',
  })
  await expect(client.checkout.sessions.create({ mode: 'subscription' })).rejects.toMatchObject({
    message: expect.stringContaining('does not cover'),
  })
})
